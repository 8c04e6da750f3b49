using System.Globalization;
using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Reconciliation.Scheduling;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>
/// Whether a kubelet takes a pod that was bound to its node, by <c>pkg/kubelet/lifecycle/predicate.go</c> and the eviction manager's
/// admission: a pod may come with a preset nodeName, past the scheduler, and a node may have changed since it was chosen.
/// </summary>
public static class PodAdmission
{
    // The order in which upstream's Fits looks at them; what else a pod asks for comes after.
    private static readonly string[] Basics = ["cpu", "memory", "ephemeral-storage"];

    /// <summary>Why the node refuses the pod, or null.</summary>
    /// <param name="pod">The pod that is to start.</param>
    /// <param name="others">The pods that the node runs already; finished ones, and the pod itself, don't count.</param>
    /// <param name="node">The node.</param>
    public static AdmissionRefusal? Check(V1Pod pod, IEnumerable<PodOutline> others, V1Node node)
    {
        if (UnderPressure(pod, node) is { } pressed)
        {
            return pressed;
        }

        var mine = PodOutline.Of(pod);
        var used = ResourceAmounts.None;
        var count = 0;
        var portTaken = false;
        foreach (var other in others)
        {
            if (other.IsTerminal || other.Uid == mine.Uid)
            {
                continue;
            }

            count++;
            used = used.Plus(other.Requests);
            portTaken |= mine.Ports.Count > 0 && other.Ports.Any(port => mine.Ports.Any(port.ConflictsWith));
        }

        return LackOfRoom(mine.Requests, used, count, node)
            ?? (NodeSelectors.Matches(pod, node) ? null : Failed("NodeAffinity"))
            ?? (portTaken ? Failed("NodePorts") : null)
            ?? (NodeTaints.Evicting(node).All(taint => Taints.IsTolerated(pod, taint)) ? null : Failed("TaintToleration"));
    }

    private static AdmissionRefusal? LackOfRoom(ResourceAmounts wanted, ResourceAmounts used, int pods, V1Node node)
    {
        var allocatable = ResourceAmounts.Of(node.Status?.Allocatable);
        if (pods + 1 > allocatable["pods"])
        {
            return OutOf("pods", 1, pods, allocatable["pods"]);
        }

        foreach (var resource in Basics.Concat(wanted.All.Select(pair => pair.Key).Except(Basics).Order(StringComparer.Ordinal)))
        {
            if (wanted[resource] > 0 && wanted[resource] > allocatable[resource] - used[resource])
            {
                var unit = resource == "cpu" ? 1000 : 1;
                return OutOf(resource, wanted[resource] * unit, used[resource] * unit, allocatable[resource] * unit);
            }
        }

        return null;
    }

    // A node that is short of memory takes no pod without any guarantee; one that is short of disk or processes takes none at all.
    private static AdmissionRefusal? UnderPressure(V1Pod pod, V1Node node)
    {
        var pressures = NodeConditions.PressuresOf(node);
        if (pressures.Count == 0 || pod.Spec.Priority >= PressureEviction.CriticalPriority
            || (pressures is ["MemoryPressure"] && (pod.Status?.QosClass is "Burstable" or "Guaranteed" || Taints.IsTolerated(pod, NodeTaints.MemoryPressure))))
        {
            return null;
        }

        return Refusal("Evicted", $"The node had condition: [{string.Join(' ', pressures)}]. ");
    }

    private static AdmissionRefusal OutOf(string resource, decimal requested, decimal used, decimal capacity) => Refusal(
        $"OutOf{resource}",
        string.Create(CultureInfo.InvariantCulture, $"Node didn't have enough resource: {resource}, requested: {requested:0}, used: {used:0}, capacity: {capacity:0}"));

    private static AdmissionRefusal Failed(string predicate) => Refusal(predicate, $"Predicate {predicate} failed");

    private static AdmissionRefusal Refusal(string reason, string message) => new(reason, $"Pod was rejected: {message}", message);
}
