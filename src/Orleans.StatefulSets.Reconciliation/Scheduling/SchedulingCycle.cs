using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>One pod's turn at the scheduler: the filters of the default profile, in its order, over what was counted when the turn began.</summary>
internal sealed class SchedulingCycle
{
    private readonly SchedulingClaims claims;
    private readonly Nominations nominations;
    private readonly PodTopologySpread? spread;
    private readonly InterPodAffinity affinity;
    private readonly bool concernsOthers;

    public SchedulingCycle(V1Pod pod, PodTraits traits, SchedulingClaims claims, ClusterPods cluster, Nominations nominations)
    {
        (Pod, Traits, Cluster, this.claims, this.nominations) = (pod, traits, cluster, claims, nominations);
        spread = pod.Spec.TopologySpreadConstraints is { Count: > 0 } ? new PodTopologySpread(pod, traits, cluster) : null;
        affinity = new InterPodAffinity(traits, cluster);
        concernsOthers = spread is not null || traits.Affinities.Required.Count > 0;
        OnlyNodes = NodeSelectors.NamedNodes(pod);
    }

    public V1Pod Pod { get; }

    public PodTraits Traits { get; }

    public ClusterPods Cluster { get; }

    /// <summary>The terms of others that mean this pod.</summary>
    public IReadOnlyList<StandingTerm> Standing => affinity.Standing;

    /// <summary>The nodes that the pod's affinity names; null where it may go to others.</summary>
    public IReadOnlySet<string>? OnlyNodes { get; }

    /// <summary>
    /// Why the pod can't go to a node, by the first filter that says no; null if it can. Pods that wait for their victims to leave count
    /// as there; and because they may never come, the pod must fit without them, too.
    /// </summary>
    public NodeRefusal? Refuse(NodeRoom room)
    {
        if (OnlyNodes?.Contains(room.Name) == false)
        {
            return NodeRefusal.Lasting("node(s) didn't satisfy plugin(s) [NodeAffinity]");
        }

        var expected = nominations.Before(Traits, room.Name);
        if (expected.Count == 0)
        {
            return RefuseAsIs(room);
        }

        foreach (var other in expected)
        {
            Add(room, other);
        }

        var refusal = RefuseAsIs(room);
        foreach (var other in expected)
        {
            Remove(room, other);
        }

        return refusal ?? (concernsOthers ? RefuseAsIs(room) : null);
    }

    /// <summary>As if a pod were on the node; to be taken back.</summary>
    public void Add(NodeRoom room, PodTraits other)
    {
        room.Add(other);
        Move(room.Node!, other, 1);
    }

    /// <summary>As if a pod were not on the node; to be taken back.</summary>
    public void Remove(NodeRoom room, PodTraits other)
    {
        room.Remove(other);
        Move(room.Node!, other, -1);
    }

    private void Move(V1Node node, PodTraits other, int change)
    {
        spread?.Move(other, node, change);
        affinity.Move(other, node, change);
    }

    private NodeRefusal? RefuseAsIs(NodeRoom room) =>
        RefuseNode(room.Node!)
        ?? room.LackOfPorts(Traits.Ports)
        ?? room.LackOfRoom(Traits.Requests)
        ?? (ClaimChecks.OfNode(claims, room.Node!) is { } conflict ? NodeRefusal.Lasting(conflict) : null)
        ?? spread?.Refuse(room.Node!)
        ?? affinity.Refuse(room.Node!);

    // Not-ready nodes carry a taint: their condition isn't asked.
    private NodeRefusal? RefuseNode(V1Node node)
    {
        if (Taints.IsCordoned(Pod, node))
        {
            return NodeRefusal.Lasting("node(s) were unschedulable");
        }

        if (Taints.FirstUntolerated(Pod, node) is { } taint)
        {
            return NodeRefusal.Lasting($"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}");
        }

        return NodeSelectors.Matches(Pod, node) ? null : NodeRefusal.Lasting("node(s) didn't match Pod's node affinity/selector");
    }
}
