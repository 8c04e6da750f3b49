using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>One node as the scheduler counts it: what it has, and what the pods on it have asked for.</summary>
internal sealed class NodeRoom(string name)
{
    private ResourceAmounts allocatable = ResourceAmounts.None;
    private V1Node? node;

    public string Name { get; } = name;

    /// <summary>The node's object; null while only its pods are known.</summary>
    public V1Node? Node
    {
        get => node;
        set
        {
            node = value;
            allocatable = ResourceAmounts.Of(value?.Status?.Allocatable);
        }
    }

    /// <summary>The version of what was last heard of the node.</summary>
    public long ResourceVersion { get; set; }

    public int Pods { get; private set; }

    public ResourceAmounts Requested { get; private set; } = ResourceAmounts.None;

    public void Add(ResourceAmounts requests)
    {
        Pods++;
        Requested = Requested.Plus(requests);
    }

    public void Remove(ResourceAmounts requests)
    {
        Pods--;
        Requested = Requested.Minus(requests);
    }

    /// <summary>
    /// Why the pod can't go here, by the first filter that says no, in the scheduler's default order; null if it can.
    /// Not-ready nodes carry a taint: their condition isn't asked.
    /// </summary>
    public NodeRefusal? Refuse(V1Pod pod, ResourceAmounts requests, SchedulingClaims claims)
    {
        if (Taints.IsCordoned(pod, Node!))
        {
            return NodeRefusal.Lasting("node(s) were unschedulable");
        }

        if (Taints.FirstUntolerated(pod, Node!) is { } taint)
        {
            return NodeRefusal.Lasting($"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}");
        }

        if (!NodeSelectors.Matches(pod, Node!))
        {
            return NodeRefusal.Lasting("node(s) didn't match Pod's node affinity/selector");
        }

        return LackOfRoom(requests) ?? (ClaimChecks.OfNode(claims, Node!) is { } conflict ? NodeRefusal.Lasting(conflict) : null);
    }

    private NodeRefusal? LackOfRoom(ResourceAmounts requests)
    {
        List<string>? reasons = null;
        var lasting = false;
        if (Pods + 1 > allocatable["pods"])
        {
            (reasons ??= []).Add("Too many pods");
        }

        foreach (var (resource, amount) in requests.All)
        {
            if (amount > 0 && amount > allocatable[resource] - Requested[resource])
            {
                (reasons ??= []).Add($"Insufficient {resource}");
                lasting |= amount > allocatable[resource];
            }
        }

        return reasons is null ? null : new NodeRefusal(reasons, lasting);
    }
}
