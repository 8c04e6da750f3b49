using System.Runtime.InteropServices;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>Slices by something that they hold. Nearly every key has one, which then costs no list.</summary>
internal sealed class SliceMap<TKey>(IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private readonly Dictionary<TKey, object> slices = new(comparer);

    public bool IsEmpty => slices.Count == 0;

    public IReadOnlyList<ServiceSlice> Find(TKey key) => !slices.TryGetValue(key, out var found) ? [] : found is ServiceSlice one ? [one] : (ServiceSlice[])found;

    /// <summary>Adds a slice under a key; one that is there already stays once.</summary>
    public void Add(TKey key, ServiceSlice slice)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(slices, key, out var isThere);
        if (!isThere)
        {
            place = slice;
        }
        else if (place is ServiceSlice one && !ReferenceEquals(one, slice))
        {
            place = new[] { one, slice };
        }
        else if (place is ServiceSlice[] several && !several.Contains(slice, ReferenceEqualityComparer.Instance))
        {
            place = (ServiceSlice[])[.. several, slice];
        }
    }

    public void Remove(TKey key, ServiceSlice slice)
    {
        if (!slices.TryGetValue(key, out var found))
        {
            return;
        }

        ServiceSlice[] left = found is ServiceSlice[] several ? [.. several.Where(other => !ReferenceEquals(other, slice))] : ReferenceEquals(found, slice) ? [] : [(ServiceSlice)found];
        if (left.Length == 0)
        {
            slices.Remove(key);
        }
        else
        {
            slices[key] = left.Length == 1 ? left[0] : left;
        }
    }
}
