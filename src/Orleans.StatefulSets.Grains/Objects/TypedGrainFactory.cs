using System.Collections.Concurrent;

namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>
/// References to grains by interface and key. <see cref="IGrainFactory"/> reads the attributes of the interface anew for each reference that
/// it makes, which costs more than the call; the two types that come of it are kept here.
/// </summary>
internal sealed class TypedGrainFactory(IGrainFactory grains)
{
    private readonly ConcurrentDictionary<Type, (GrainType Grain, GrainInterfaceType Interface)> types = new();

    /// <summary>The grain of that interface and key.</summary>
    public T Get<T>(string key)
        where T : IGrainWithStringKey
    {
        if (!types.TryGetValue(typeof(T), out var known))
        {
            var first = (GrainReference)(object)grains.GetGrain<T>(key);
            types[typeof(T)] = known = (first.GrainId.Type, first.InterfaceType);
        }

        return (T)grains.GetGrain(GrainId.Create(known.Grain, IdSpan.Create(key)), known.Interface);
    }
}
