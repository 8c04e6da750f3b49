using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Scheduling;

/// <summary>The pods that have a node and wait for their claims to be bound there.</summary>
internal sealed class VolumeWaits
{
    private readonly Dictionary<ObjectKey, (string Node, HashSet<ObjectKey> Unbound)> pods = [];
    private readonly Dictionary<ObjectKey, HashSet<ObjectKey>> podsByClaim = [];

    /// <summary>The claims that somebody waits for, each with the node that was chosen.</summary>
    public IReadOnlyList<(ObjectKey Claim, string Node)> Claims => [.. podsByClaim.Select(waiting => (waiting.Key, pods[waiting.Value.First()].Node))];

    public bool Contains(ObjectKey pod) => pods.ContainsKey(pod);

    public void Add(ObjectKey pod, string node, IEnumerable<ObjectKey> claims)
    {
        HashSet<ObjectKey> unbound = [.. claims];
        pods[pod] = (node, unbound);
        foreach (var claim in unbound)
        {
            if (!podsByClaim.TryGetValue(claim, out var waiting))
            {
                podsByClaim[claim] = waiting = [];
            }

            waiting.Add(pod);
        }
    }

    /// <summary>A claim is bound: the pods that wait for nothing more, with their nodes.</summary>
    public IReadOnlyList<(ObjectKey Pod, string Node)> Bound(ObjectKey claim)
    {
        if (!podsByClaim.Remove(claim, out var waiting))
        {
            return [];
        }

        List<(ObjectKey, string)> ready = [];
        foreach (var pod in waiting)
        {
            if (pods.TryGetValue(pod, out var wait) && wait.Unbound.Remove(claim) && wait.Unbound.Count == 0)
            {
                pods.Remove(pod);
                ready.Add((pod, wait.Node));
            }
        }

        return ready;
    }

    public void Forget(ObjectKey pod)
    {
        if (!pods.Remove(pod, out var wait))
        {
            return;
        }

        foreach (var claim in wait.Unbound)
        {
            if (podsByClaim.TryGetValue(claim, out var waiting) && waiting.Remove(pod) && waiting.Count == 0)
            {
                podsByClaim.Remove(claim);
            }
        }
    }
}
