namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>
/// The newest observation of each name. What was removed is remembered for a while, so that an older observation that comes
/// late does not bring it back; one later than the memory reaches is mended by the next look at what is stored.
/// </summary>
internal sealed class Versioned<T>(Func<T, string> nameOf, Func<T, string> uidOf, Func<T, long> versionOf)
    where T : class
{
    /// <summary>So many removals are remembered, oldest forgotten first.</summary>
    internal const int RemembersRemovals = 4096;

    private readonly Dictionary<string, T> present = [];
    private readonly Dictionary<string, long> removed = [];
    private readonly Queue<(string Name, long Version)> removals = new();

    internal int Count => present.Count;

    internal IEnumerable<T> All => present.Values;

    internal T? Find(string name) => present.GetValueOrDefault(name);

    /// <returns>False when something newer is known.</returns>
    internal bool Observe(T observation)
    {
        var name = nameOf(observation);
        var version = versionOf(observation);
        if (removed.TryGetValue(name, out var gone) && version <= gone)
        {
            return false;
        }

        if (present.TryGetValue(name, out var known) && version <= versionOf(known))
        {
            return false;
        }

        present[name] = observation;
        return true;
    }

    /// <returns>What is gone by this, or null when nothing is: it was unknown, or what is known is newer.</returns>
    internal T? Remove(string name, string uid, long version)
    {
        Remember(name, version);
        if (!present.TryGetValue(name, out var known) || (uidOf(known) != uid && versionOf(known) > version))
        {
            return null;
        }

        present.Remove(name);
        return known;
    }

    internal void Clear()
    {
        present.Clear();
        removed.Clear();
        removals.Clear();
    }

    private void Remember(string name, long version)
    {
        if (removed.TryGetValue(name, out var earlier) && earlier >= version)
        {
            return;
        }

        removed[name] = version;
        removals.Enqueue((name, version));
        if (removals.Count > RemembersRemovals)
        {
            var (oldest, at) = removals.Dequeue();
            if (removed.TryGetValue(oldest, out var last) && last == at)
            {
                removed.Remove(oldest);
            }
        }
    }
}
