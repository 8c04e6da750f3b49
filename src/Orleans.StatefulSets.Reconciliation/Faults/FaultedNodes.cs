using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>Faults that are done to nodes: whom they hit is chosen when they begin, and stays.</summary>
internal static class FaultedNodes
{
    /// <summary>How long <c>kubectl drain</c> waits before it asks again for a pod that a budget keeps.</summary>
    internal static readonly TimeSpan EvictionRetry = TimeSpan.FromSeconds(5);

    internal static IReadOnlyList<V1alpha1FaultNode> Choose(FaultSituation situation)
    {
        var fault = situation.Fault;
        var armed = new ArmedFault(fault);
        return
        [
            .. situation.Nodes.Where(node => armed.Selects(node) && armed.Strikes(node.Metadata.Name, 0))
                .OrderBy(node => FaultChance.Draw(fault.Spec.Seed ?? 0, fault.Metadata.Name, node.Metadata.Name, 0)).ThenBy(node => node.Metadata.Name, StringComparer.Ordinal)
                .Take(fault.Spec.Count ?? int.MaxValue)
                .OrderBy(node => node.Metadata.Name, StringComparer.Ordinal)
                .Select(node => Remember(node, fault.Spec.Action!)),
        ];
    }

    internal static FaultStep Next(FaultSituation situation, DateTime? ends)
    {
        var fault = situation.Fault;
        var chosen = (fault.Status!.Nodes ?? []).Select(node => (Chosen: node, There: Find(situation, node))).Where(pair => pair.There is not null).ToList();
        var pods = fault.Spec.Action == FaultActions.NodeDrain
            ? chosen.SelectMany(pair => situation.PodsOn(pair.Chosen.Name!)).Where(IsEvicted).ToList()
            : [];
        return new FaultStep
        {
            Strike = [.. chosen.Where(pair => !NodeFaults.IsBegun(pair.There!, fault.Spec.Action!, fault.Metadata.Name)).Select(pair => pair.Chosen)],
            Evict = pods,
            DueAt = pods.Count > 0 && !(ends < situation.Now + EvictionRetry) ? situation.Now + EvictionRetry : ends,
        };
    }

    // What a machine that is taken away is to come back with.
    private static V1alpha1FaultNode Remember(V1Node node, string action) => new()
    {
        Name = node.Metadata.Name,
        Uid = node.Metadata.Uid,
        Labels = action == FaultActions.NodeRemove ? node.Metadata.Labels : null,
        Capacity = action == FaultActions.NodeRemove ? node.Status?.Capacity : null,
    };

    // One that was made anew under the name is another machine.
    private static V1Node? Find(FaultSituation situation, V1alpha1FaultNode node) => situation.NodeOf(node.Name ?? "") is { } there && there.Metadata.Uid == node.Uid ? there : null;

    // As kubectl drain does with --ignore-daemonsets and --force.
    private static bool IsEvicted(V1Pod pod) =>
        !PodReadiness.IsTerminating(pod)
        && pod.Metadata.Annotations?.ContainsKey("kubernetes.io/config.mirror") != true
        && pod.Metadata.OwnerReferences?.Any(owner => owner is { Controller: true, Kind: "DaemonSet" }) != true;
}
