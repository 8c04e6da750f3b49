namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>
/// A set's pods, sorted by what its decisions ask: who is missing, who blocks, who is stale. A pod enters and leaves in O(log n).
/// A pod must leave with the very observation it entered with.
/// </summary>
internal sealed class PodBuckets(SetFrame frame)
{
    /// <summary>In range: no pod of the set has that ordinal.</summary>
    internal OrdinalRanges Missing { get; } = new(frame.Start, frame.End);

    /// <summary>In range: OrderedReady stops here (terminating, not ready, not yet available).</summary>
    internal SortedSet<int> Blocking { get; } = [];

    /// <summary>In range: not Running and Ready, or terminating.</summary>
    internal SortedSet<int> Unhealthy { get; } = [];

    /// <summary>In range: Failed or Succeeded, and not terminating.</summary>
    internal SortedSet<int> Finished { get; } = [];

    /// <summary>In range: of another revision than the update's, and not terminating.</summary>
    internal SortedSet<int> Stale { get; } = [];

    /// <summary>In range: the identity or the storage is not what the set gives.</summary>
    internal SortedSet<int> Misfit { get; } = [];

    /// <summary>In range: the name is taken by a pod that is not the set's.</summary>
    internal SortedSet<int> Obstacles { get; } = [];

    /// <summary>Out of range.</summary>
    internal SortedSet<int> Condemned { get; } = [];

    internal SortedSet<int> CondemnedUnhealthy { get; } = [];

    /// <summary>Out of range and not terminating.</summary>
    internal SortedSet<int> CondemnedStanding { get; } = [];

    internal SortedSet<string> Adoptable { get; } = new(StringComparer.Ordinal);

    internal SortedSet<string> Releasable { get; } = new(StringComparer.Ordinal);

    /// <summary>Ready pods that become available at a moment still ahead.</summary>
    internal SortedDictionary<(DateTime Due, int Ordinal), PodObservation> Maturing { get; } = [];

    internal int Created { get; private set; }

    internal int Ready { get; private set; }

    internal int Available { get; private set; }

    // Pods a revision: those that count for currentReplicas and updatedReplicas, and all that keep the revision from being pruned.
    private readonly Dictionary<string, int> active = [];
    private readonly Dictionary<string, int> referenced = [];

    internal int Active(string revision) => active.GetValueOrDefault(revision);

    internal bool IsReferenced(string revision) => referenced.ContainsKey(revision);

    internal bool IsAvailable(PodObservation pod) =>
        pod.RunningAndReady && (frame.MinReady == TimeSpan.Zero || (pod.ReadySince is { } since && !Maturing.ContainsKey((since + frame.MinReady, pod.Ordinal))));

    internal void Add(PodObservation pod, DateTime now) => Place(pod, now, entering: true);

    internal void Remove(PodObservation pod) => Place(pod, DateTime.MinValue, entering: false);

    /// <summary>Lets mature what is due by <paramref name="now"/>.</summary>
    internal void Advance(DateTime now)
    {
        while (Maturing.Count > 0)
        {
            var ((due, ordinal), pod) = Maturing.First();
            if (due > now)
            {
                return;
            }

            Maturing.Remove((due, ordinal));
            Available++;
            if (!pod.Terminating)
            {
                Blocking.Remove(ordinal);
            }
        }
    }

    private void Place(PodObservation pod, DateTime now, bool entering)
    {
        Put(Adoptable, pod.Name, frame.IsAdoptable(pod), entering);
        Put(Releasable, pod.Name, frame.IsReleasable(pod), entering);
        var inRange = frame.InRange(pod.Ordinal);
        if (!frame.IsMember(pod))
        {
            Put(Obstacles, pod.Ordinal, inRange, entering);
            return;
        }

        var available = Mature(pod, now, entering);
        Count(pod, available, entering ? 1 : -1);
        if (!inRange)
        {
            Put(Condemned, pod.Ordinal, true, entering);
            Put(CondemnedUnhealthy, pod.Ordinal, !pod.Healthy, entering);
            Put(CondemnedStanding, pod.Ordinal, !pod.Terminating, entering);
            return;
        }

        PutInRange(pod, available, entering);
    }

    private void PutInRange(PodObservation pod, bool available, bool entering)
    {
        if (entering)
        {
            Missing.Remove(pod.Ordinal);
        }
        else
        {
            Missing.Add(pod.Ordinal);
        }

        Put(Blocking, pod.Ordinal, !pod.Healthy || !available, entering);
        Put(Unhealthy, pod.Ordinal, !pod.Healthy, entering);
        Put(Finished, pod.Ordinal, pod.Finished && !pod.Terminating, entering);
        Put(Stale, pod.Ordinal, !pod.Terminating && (pod.Revision ?? "") != frame.UpdateRevision, entering);
        Put(Misfit, pod.Ordinal, !pod.IdentityMatches || !pod.StorageMatches, entering);
    }

    // Whether the pod counts as available: on entering by the clock, on leaving by whether it still waited.
    private bool Mature(PodObservation pod, DateTime now, bool entering)
    {
        if (!pod.RunningAndReady || frame.MinReady == TimeSpan.Zero)
        {
            return pod.RunningAndReady;
        }

        if (pod.ReadySince is not { } since)
        {
            return false;
        }

        var key = (since + frame.MinReady, pod.Ordinal);
        if (!entering)
        {
            return !Maturing.Remove(key);
        }

        if (key.Item1 <= now)
        {
            return true;
        }

        Maturing[key] = pod;
        return false;
    }

    private void Count(PodObservation pod, bool available, int by)
    {
        var revision = pod.Revision ?? "";
        Tally(referenced, revision, by);
        Created += pod.Created ? by : 0;
        Ready += pod.RunningAndReady ? by : 0;
        Available += available ? by : 0;
        if (pod.Created && !pod.Terminating)
        {
            Tally(active, revision, by);
        }
    }

    private static void Tally(Dictionary<string, int> counts, string key, int by)
    {
        var count = counts.GetValueOrDefault(key) + by;
        if (count == 0)
        {
            counts.Remove(key);
        }
        else
        {
            counts[key] = count;
        }
    }

    private static void Put<T>(SortedSet<T> bucket, T item, bool belongs, bool entering)
    {
        if (entering && belongs)
        {
            bucket.Add(item);
        }
        else
        {
            bucket.Remove(item);
        }
    }
}
