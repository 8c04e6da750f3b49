using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>
/// What the scheduler knows of nodes and of the pods on them, kept up to date by what it is told: newest wins, doubles and
/// late-comers do no harm. Assigning looks at few nodes where there is room; an unschedulable pod costs a look at each.
/// Not safe for concurrent use.
/// </summary>
/// <param name="seed">Breaks ties between equal nodes.</param>
public sealed class SchedulerSummary(long seed)
{
    private readonly Dictionary<string, NodeRoom> rooms = new(StringComparer.Ordinal);
    private readonly SortedSet<NodeRank> ranking = [];
    private readonly Dictionary<(string Namespace, string Name), PodPlace> places = [];
    private readonly OwnerSpread spread = new();
    private readonly RemovedPods removed = new();
    private int nodes;

    /// <summary>A node as it is at a version.</summary>
    public void ObserveNode(V1Node node, long resourceVersion)
    {
        var room = Room(node.Metadata.Name);
        if (resourceVersion > room.ResourceVersion)
        {
            room.ResourceVersion = resourceVersion;
            SetNode(room, node);
        }
    }

    /// <summary>The node is gone. Its pods still count there, should it come back before they go.</summary>
    public void RemoveNode(string name)
    {
        if (rooms.TryGetValue(name, out var room))
        {
            SetNode(room, null);
            DropIfEmpty(room);
        }
    }

    /// <summary>A pod as it is at a version: it counts where it is bound to, until it has ended.</summary>
    public void ObservePod(V1Pod pod, long resourceVersion)
    {
        var key = Key(pod);
        var known = places.GetValueOrDefault(key);
        if (known?.ResourceVersion > resourceVersion || removed.IsNewer(key, resourceVersion))
        {
            return;
        }

        if (PodReadiness.IsScheduled(pod) && !PodReadiness.IsTerminal(pod))
        {
            Leave(key);
            Enter(key, PlaceOf(pod, pod.Spec.NodeName, resourceVersion, isAssumed: false));
        }
        else if (known is not { IsAssumed: true } || known.Uid != pod.Metadata.Uid || PodReadiness.IsTerminal(pod))
        {
            // Of a pod assigned here, revisions from before its binding may still come: they don't free its place.
            Leave(key);
        }
    }

    /// <summary>The pod is gone, at a version.</summary>
    public void RemovePod(ObjectKey key, long resourceVersion)
    {
        var pod = (key.Namespace, key.Name);
        removed.Add(pod, resourceVersion);
        if (places.TryGetValue(pod, out var place) && place.ResourceVersion <= resourceVersion)
        {
            Leave(pod);
        }
    }

    /// <summary>Finds the pod a node; an assigned pod counts there at once.</summary>
    /// <param name="pod">The pod, with its resourceVersion.</param>
    /// <param name="claims">Every claim that its volumes name.</param>
    public SchedulingOutcome Assign(V1Pod pod, SchedulingClaims claims)
    {
        if (IsNotConcerned(pod))
        {
            return new SchedulingOutcome.NotConcerned();
        }

        if (pod.Spec.SchedulingGates is { Count: > 0 })
        {
            return new SchedulingOutcome.Gated();
        }

        if (nodes == 0)
        {
            return new SchedulingOutcome.Unschedulable(SchedulingTexts.NoNodes);
        }

        if (ClaimChecks.OfPod(claims) is { } complaint)
        {
            return new SchedulingOutcome.Unschedulable(SchedulingTexts.Nowhere(nodes, complaint));
        }

        // A second turn of a pod that was assigned before starts from nothing.
        Forget(pod);
        var place = PlaceOf(pod, "", VersionOf(pod), isAssumed: true);
        var refusals = new List<NodeRefusal>();
        if (Best(pod, place, claims, refusals) is not { } best)
        {
            return new SchedulingOutcome.Unschedulable(SchedulingTexts.Nowhere(refusals));
        }

        Leave(Key(pod));
        Enter(Key(pod), place with { Node = best.Name });
        return new SchedulingOutcome.Assigned(best.Name);
    }

    /// <summary>The pod's binding failed: what was assumed is taken back. A pod that was heard of as bound stays.</summary>
    public void Forget(V1Pod pod)
    {
        if (places.TryGetValue(Key(pod), out var place) && place.IsAssumed && place.Uid == pod.Metadata.Uid)
        {
            Leave(Key(pod));
        }
    }

    // Fewest pods of the same owner wins, the ranking decides among equals; a node with as few as any node has ends the search.
    private NodeRoom? Best(V1Pod pod, PodPlace place, SchedulingClaims claims, List<NodeRefusal> refusals)
    {
        var fewest = spread.Fewest(place.Owner, nodes);
        NodeRoom? best = null;
        var bestCount = int.MaxValue;
        foreach (var rank in ranking)
        {
            var count = spread.On(place.Owner, rank.Name);
            if (count >= bestCount)
            {
                continue;
            }

            var room = rooms[rank.Name];
            if (room.Refuse(pod, place.Requests, claims) is { } refusal)
            {
                refusals.Add(refusal);
                continue;
            }

            (best, bestCount) = (room, count);
            if (count <= fewest)
            {
                break;
            }
        }

        return best;
    }

    private static bool IsNotConcerned(V1Pod pod) =>
        PodReadiness.IsScheduled(pod) || PodReadiness.IsTerminating(pod) || PodReadiness.IsTerminal(pod)
        || (pod.Spec.SchedulerName ?? SchedulingTexts.Component) != SchedulingTexts.Component;

    private static PodPlace PlaceOf(V1Pod pod, string node, long resourceVersion, bool isAssumed)
    {
        var controller = pod.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);
        var owner = controller?.Uid ?? $"{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}";
        return new PodPlace(pod.Metadata.Uid, node, owner, ResourceAmounts.RequestedBy(pod), resourceVersion, isAssumed);
    }

    private static (string Namespace, string Name) Key(V1Pod pod) => (pod.Metadata.NamespaceProperty, pod.Metadata.Name);

    private static long VersionOf(V1Pod pod) => long.TryParse(pod.Metadata.ResourceVersion, out var version) ? version : 0;

    private void Enter((string Namespace, string Name) key, PodPlace place)
    {
        places.Add(key, place);
        Change(Room(place.Node), room => room.Add(place.Requests));
        spread.Move(place.Owner, place.Node, 1);
    }

    private void Leave((string Namespace, string Name) key)
    {
        if (places.Remove(key, out var place))
        {
            var room = rooms[place.Node];
            Change(room, changed => changed.Remove(place.Requests));
            spread.Move(place.Owner, place.Node, -1);
            DropIfEmpty(room);
        }
    }

    private void SetNode(NodeRoom room, V1Node? node)
    {
        Change(room, changed => changed.Node = node);
        nodes = ranking.Count;
    }

    // A rank is a value: it leaves the ranking before what it is made of changes.
    private void Change(NodeRoom room, Action<NodeRoom> change)
    {
        ranking.Remove(NodeRank.Of(room, seed));
        change(room);
        if (room.Node is not null)
        {
            ranking.Add(NodeRank.Of(room, seed));
        }
    }

    private void DropIfEmpty(NodeRoom room)
    {
        if (room is { Node: null, Pods: 0 })
        {
            rooms.Remove(room.Name);
        }
    }

    private NodeRoom Room(string name)
    {
        if (!rooms.TryGetValue(name, out var room))
        {
            rooms.Add(name, room = new NodeRoom(name));
        }

        return room;
    }
}
