using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>
/// The InterPodAffinity plugin (<c>plugins/interpodaffinity</c>) for one pod's turn: what the pods that have nodes mean for it, and what
/// it wants of them.
/// </summary>
internal sealed class InterPodAffinity
{
    private readonly PodTraits pod;
    private readonly Namespaces known;
    private readonly IReadOnlyList<AffinityTerm> required;
    private readonly List<TopologyCounts> affinity = [];
    private readonly List<(AffinityTerm Term, TopologyCounts Counts)> anti = [];
    private readonly Dictionary<string, TopologyCounts> forbidden = new(StringComparer.Ordinal);
    private readonly bool meansItself;

    /// <param name="pod">The pod to be placed.</param>
    /// <param name="cluster">Where the others are.</param>
    public InterPodAffinity(PodTraits pod, ClusterPods cluster)
    {
        (this.pod, known) = (pod, cluster.Namespaces);
        required = [.. pod.Affinities.Required.Select(term => term.Resolve(known))];
        if (required.Count > 0)
        {
            var byNode = cluster.Count(PodQuery.OfTerms(required, known));
            affinity.AddRange(required.Select(term => TopologyCounts.Of(term.TopologyKey, byNode, cluster.Node)));
            meansItself = required.All(term => term.Matches(pod, known));
        }

        foreach (var term in pod.Affinities.RequiredAnti.Select(term => term.Resolve(known)))
        {
            anti.Add((term, TopologyCounts.Of(term.TopologyKey, cluster.Count(PodQuery.OfTerms([term], known)), cluster.Node)));
        }

        Standing = cluster.Standing.For(pod, known);
        foreach (var standing in Standing.Where(standing => standing.Forbids))
        {
            var counts = ForbiddenBy(standing.Term.TopologyKey);
            foreach (var (name, count) in standing.ByNode)
            {
                if (cluster.Node(name) is { } node)
                {
                    counts.Move(node, count);
                }
            }
        }
    }

    /// <summary>The terms of others that mean this pod.</summary>
    public IReadOnlyList<StandingTerm> Standing { get; }

    public NodeRefusal? Refuse(V1Node node)
    {
        if (!MeetsAffinity(node))
        {
            return NodeRefusal.Lasting("node(s) didn't match pod affinity rules");
        }

        if (anti.Exists(pair => pair.Counts.At(node) > 0))
        {
            return NodeRefusal.Passing("node(s) didn't match pod anti-affinity rules");
        }

        return forbidden.Count > 0 && forbidden.Values.Any(counts => counts.At(node) > 0)
            ? NodeRefusal.Passing("node(s) didn't satisfy existing pods anti-affinity rules")
            : null;
    }

    /// <summary>As if a pod were there, or were not (preemption's trial).</summary>
    public void Move(PodTraits other, V1Node node, int change)
    {
        if (required.Count > 0 && required.All(term => term.Matches(other, known)))
        {
            affinity.ForEach(counts => counts.Move(node, change));
        }

        foreach (var (term, counts) in anti)
        {
            if (term.Matches(other, known))
            {
                counts.Move(node, change);
            }
        }

        foreach (var term in other.Affinities.RequiredAnti)
        {
            if (term.Matches(pod, known))
            {
                ForbiddenBy(term.TopologyKey).Move(node, change);
            }
        }
    }

    // The first pod of a group that means itself may go anywhere that has the topologies: otherwise none of it could ever start.
    private bool MeetsAffinity(V1Node node) =>
        required.Count == 0
        || (required.All(term => NodeSelectors.Label(node, term.TopologyKey) is not null)
            && (affinity.TrueForAll(counts => counts.At(node) > 0) || (meansItself && affinity.TrueForAll(counts => counts.IsEmpty))));

    private TopologyCounts ForbiddenBy(string topologyKey)
    {
        if (!forbidden.TryGetValue(topologyKey, out var counts))
        {
            forbidden.Add(topologyKey, counts = new TopologyCounts(topologyKey));
        }

        return counts;
    }
}
