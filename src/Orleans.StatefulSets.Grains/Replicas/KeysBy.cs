using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>The keys of objects by something of theirs; nothing is kept of what no object has any more. Written in the feed, read by anybody.</summary>
/// <typeparam name="T">What the objects have.</typeparam>
internal sealed class KeysBy<T>
    where T : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<T, HashSet<ObjectKey>> sets = [];

    /// <summary>What any object has.</summary>
    public IReadOnlyList<T> Values()
    {
        lock (gate)
        {
            return [.. sets.Keys];
        }
    }

    /// <summary>The objects that have it, in no order.</summary>
    public IReadOnlyList<ObjectKey> Of(T value)
    {
        lock (gate)
        {
            return sets.TryGetValue(value, out var keys) ? [.. keys] : [];
        }
    }

    /// <summary>An object has it, or has it no longer.</summary>
    public void Note(T value, ObjectKey key, bool isGone)
    {
        lock (gate)
        {
            if (!isGone)
            {
                if (!sets.TryGetValue(value, out var keys))
                {
                    sets[value] = keys = [];
                }

                keys.Add(key);
            }
            else if (sets.TryGetValue(value, out var keys) && keys.Remove(key) && keys.Count == 0)
            {
                sets.Remove(value);
            }
        }
    }
}
