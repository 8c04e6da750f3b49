using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>
/// What the scheduler knows of nodes and of the pods on them, kept up to date by what it is told: newest wins, doubles and
/// late-comers do no harm. Assigning looks at few nodes where there is room; a pod with preferences, and an unschedulable one, cost a look
/// at each. Not safe for concurrent use.
/// </summary>
/// <param name="seed">Breaks ties between equal nodes.</param>
public sealed class SchedulerSummary(long seed)
{
    private readonly ClusterPods cluster = new(seed);
    private readonly Nominations nominations = new();
    private readonly RemovedPods removed = new();

    /// <summary>All disruption budgets as they are now; asked for when pods have to make room.</summary>
    public Func<IEnumerable<V1PodDisruptionBudget>> Budgets { get; init; } = () => [];

    /// <summary>The nodes that are known, each with the version of what was last heard of it.</summary>
    public IReadOnlyDictionary<string, long> NodeVersions => cluster.Ranked.ToDictionary(room => room.Name, room => room.ResourceVersion);

    /// <summary>A node as it is at a version.</summary>
    public void ObserveNode(V1Node node, long resourceVersion) => cluster.SetNode(node, resourceVersion);

    /// <summary>The node is gone. Its pods still count there, should it come back before they go.</summary>
    public void RemoveNode(string name) => cluster.RemoveNode(name);

    /// <summary>A namespace's labels at a version, for terms with a namespaceSelector.</summary>
    public void ObserveNamespace(string name, IDictionary<string, string>? labels, long resourceVersion) =>
        cluster.Namespaces.Set(name, labels, resourceVersion);

    /// <summary>The namespace is gone.</summary>
    public void RemoveNamespace(string name) => cluster.Namespaces.Remove(name);

    /// <summary>A pod as it is at a version: it counts where it is bound to, until it has ended.</summary>
    public void ObservePod(V1Pod pod, long resourceVersion)
    {
        var key = Key(pod);
        var known = cluster.Place(key);
        if (known?.ResourceVersion > resourceVersion || removed.IsNewer(key, resourceVersion))
        {
            return;
        }

        if (PodReadiness.IsScheduled(pod) && !PodReadiness.IsTerminal(pod))
        {
            nominations.Remove(key);
            cluster.Leave(key);
            cluster.Enter(new PodPlace(PodTraits.Of(pod), pod.Spec.NodeName, resourceVersion, IsAssumed: false));
        }
        else if (known is not { IsAssumed: true } || known.Pod.Uid != pod.Metadata.Uid || PodReadiness.IsTerminal(pod))
        {
            // Of a pod assigned here, revisions from before its binding may still come: they don't free its place.
            cluster.Leave(key);
        }
    }

    /// <summary>The pod is gone, at a version.</summary>
    public void RemovePod(ObjectKey key, long resourceVersion)
    {
        var pod = (key.Namespace, key.Name);
        removed.Add(pod, resourceVersion);
        if (cluster.Place(pod) is { } place && place.ResourceVersion <= resourceVersion)
        {
            cluster.Leave(pod);
        }
    }

    /// <summary>A pod that waits for a node: where a scheduler before this one freed a node for it, the node is kept.</summary>
    public void ObserveWaiting(V1Pod pod)
    {
        if (!string.IsNullOrEmpty(pod.Status?.NominatedNodeName) && nominations.NodeOf(Key(pod)) is null)
        {
            nominations.Set(PodTraits.Of(pod), pod.Status.NominatedNodeName);
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

        if (cluster.Size == 0)
        {
            return new SchedulingOutcome.Unschedulable(SchedulingTexts.NoNodes);
        }

        if ((NodeSelectors.NamedNodes(pod) is { Count: 0 } ? "pod affinity terms conflict" : ClaimChecks.OfPod(claims)) is { } complaint)
        {
            return new SchedulingOutcome.Unschedulable(SchedulingTexts.Nowhere(cluster.Size, complaint))
            {
                NominatedNode = nominations.Remove(Key(pod)) ? "" : null,
            };
        }

        // A second turn of a pod that was assigned before starts from nothing.
        TakeBack(pod);
        var cycle = new SchedulingCycle(pod, PodTraits.Of(pod), claims, cluster, nominations);
        var refusals = new List<(NodeRoom Room, NodeRefusal Refusal)>();
        if (NodeChoice.Best(cycle, nominations.NodeOf(Key(pod)), refusals) is not { } best)
        {
            return Preempt(cycle, refusals);
        }

        nominations.Remove(Key(pod));
        cluster.Leave(Key(pod));
        cluster.Enter(new PodPlace(cycle.Traits, best.Name, VersionOf(pod), IsAssumed: true));
        return new SchedulingOutcome.Assigned(best.Name);
    }

    /// <summary>The pod waits no more, or its binding failed: what was assumed is taken back. A pod that was heard of as bound stays.</summary>
    public void Forget(V1Pod pod)
    {
        nominations.Remove(Key(pod));
        TakeBack(pod);
    }

    private void TakeBack(V1Pod pod)
    {
        if (cluster.Place(Key(pod)) is { IsAssumed: true } place && place.Pod.Uid == pod.Metadata.Uid)
        {
            cluster.Leave(Key(pod));
        }
    }

    private SchedulingOutcome.Unschedulable Preempt(SchedulingCycle cycle, List<(NodeRoom Room, NodeRefusal Refusal)> refusals)
    {
        var nominatedNode = nominations.NodeOf(cycle.Traits.Key);
        var result = Preemption.Find(cycle, refusals, nominatedNode, Budgets);
        var outcome = new SchedulingOutcome.Unschedulable(SchedulingTexts.Nowhere([.. refusals.Select(pair => pair.Refusal)], result.Message));
        if (result.IsIneligible)
        {
            return outcome;
        }

        if (result.Candidate is not { } candidate)
        {
            return outcome with { NominatedNode = nominations.Remove(cycle.Traits.Key) ? "" : null };
        }

        var displaced = nominations.Below(cycle.Traits, candidate.Room.Name);
        foreach (var other in displaced)
        {
            nominations.Remove(other.Key);
        }

        nominations.Set(cycle.Traits, candidate.Room.Name);
        return outcome with
        {
            NominatedNode = candidate.Room.Name,
            Victims = [.. candidate.Victims.Select(Identity)],
            Displaced = [.. displaced.Select(Identity)],
        };
    }

    private static PodIdentity Identity(PodTraits pod) => new(pod.Namespace, pod.Name, pod.Uid);

    private static bool IsNotConcerned(V1Pod pod) =>
        PodReadiness.IsScheduled(pod) || PodReadiness.IsTerminating(pod) || PodReadiness.IsTerminal(pod)
        || (pod.Spec.SchedulerName ?? SchedulingTexts.Component) != SchedulingTexts.Component;

    private static (string Namespace, string Name) Key(V1Pod pod) => (pod.Metadata.NamespaceProperty, pod.Metadata.Name);

    private static long VersionOf(V1Pod pod) => long.TryParse(pod.Metadata.ResourceVersion, out var version) ? version : 0;
}
