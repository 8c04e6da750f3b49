using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>A node and what its next step depends on.</summary>
public sealed record NodeSituation
{
    /// <summary>The node as stored.</summary>
    public required V1Node Node { get; init; }

    /// <summary>What may be done to its pods where the node is lost, see <see cref="ZoneHealth"/>.</summary>
    public required EvictionMode Mode { get; init; }

    /// <summary>The number of the node's address range, from 0.</summary>
    public required int AddressIndex { get; init; }

    /// <summary>What machines are like where their nodes don't say.</summary>
    public required NodeOptions Options { get; init; }

    /// <summary>The simulated time.</summary>
    public required DateTime Now { get; init; }
}

/// <summary>A node's next step: a revision to write, then ask again; or when to ask again.</summary>
public sealed record NodeStep
{
    public V1Node? Next { get; init; }

    public DateTime? DueAt { get; init; }

    public IReadOnlyList<ObjectEvent> Events { get; init; } = [];
}

/// <summary>
/// What becomes of a node: its kubelet registers it and posts that it is ready, or falls silent with its machine; after the grace period
/// the node lifecycle controller calls it Unknown, and taints it. Each step is one revision, as a watch of a real cluster shows them.
/// </summary>
public static class NodeDecision
{
    /// <summary>For how long a kubelet may be silent: <c>--node-monitor-grace-period</c>, 50 s since 1.32.</summary>
    public static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(50);

    /// <summary>For how long a new node may be silent: <c>--node-startup-grace-period</c>.</summary>
    public static readonly TimeSpan StartupGracePeriod = TimeSpan.FromSeconds(60);

    private const string Controller = "node-controller";
    private const string Kubelet = "kubelet";

    public static NodeStep Next(NodeSituation situation)
    {
        var node = situation.Node;
        var step = NodePower.IsSilent(node) ? Silent(situation) : Posting(situation);
        if (step.Next is not null)
        {
            return step;
        }

        var taints = NodeTaints.Next(node, situation.Mode, WholeSeconds(situation.Now));
        return ReferenceEquals(taints, node.Spec?.Taints)
            ? step with { DueAt = Earlier(step.DueAt, NodeTaints.EvictsFrom(node, situation.Mode)) }
            : step with { Next = node with { Spec = (node.Spec ?? new V1NodeSpec()) with { Taints = taints is { Count: > 0 } ? taints : null } } };
    }

    private static DateTime? Earlier(DateTime? one, DateTime? other) => one is null || other < one ? other ?? one : one;

    /// <summary>When the node's machine was last heard of, for one that is off or hangs.</summary>
    public static DateTime LastHeard(V1Node node, DateTime now) => NodeHeartbeat.LastRenewal(node, ReadySince(node) ?? now, now);

    // The machine runs: an unregistered node is registered, and one that was given up is ready again.
    private static NodeStep Posting(NodeSituation situation)
    {
        var (node, now) = (situation.Node, WholeSeconds(situation.Now));
        if (!IsRegistered(node))
        {
            var registered = NodeObjects.Register(node, situation.AddressIndex, situation.Options, now);
            return new NodeStep { Next = registered, Events = [.. Starting(node.Metadata.Name), .. Known(node.Metadata.Name), Ready(node.Metadata.Name)] };
        }

        if (NodeConditions.IsReady(node) && !HasBootedSince(node))
        {
            return NodeConditions.Worded(node, now) is { } worded
                ? new NodeStep
                {
                    Next = node with { Status = node.Status with { Conditions = worded.Conditions } },
                    Events = [.. worded.Events.Select(reason => ObjectEvent.Normal(Kubelet, reason, $"Node {node.Metadata.Name} status is now: {reason}", node.Metadata.Name))],
                }
                : new NodeStep();
        }

        // One that only hung goes on where it was: it does not start, it posts again.
        List<ObjectEvent> events = HasThawedSince(node) ? [] : [.. Starting(node.Metadata.Name)];
        if (NodePower.BootedAt(node) is not null && !HasThawedSince(node))
        {
            events.Add(ObjectEvent.Warning(Kubelet, "Rebooted", $"Node {node.Metadata.Name} has been rebooted, boot id: {node.Status.NodeInfo.BootID}", node.Metadata.Name));
        }

        return new NodeStep
        {
            Next = node with { Status = node.Status with { Conditions = NodeConditions.Posted(node.Status.Conditions, now) } },
            Events = NodeConditions.IsReady(node) ? events : [.. events, Ready(node.Metadata.Name)],
        };
    }

    private static NodeStep Silent(NodeSituation situation)
    {
        var node = situation.Node;
        if (NodeConditions.Status(node, "Ready") is not { } ready)
        {
            var ends = (node.Metadata.CreationTimestamp ?? situation.Now) + StartupGracePeriod;
            return situation.Now < ends
                ? new NodeStep { DueAt = ends }
                : new NodeStep { Next = node with { Status = (node.Status ?? new V1NodeStatus()) with { Conditions = NodeConditions.NeverPosted(node, situation.Now) } } };
        }

        var due = LastHeard(node, situation.Now) + GracePeriod;
        if (ready != "Unknown" && situation.Now < due)
        {
            return new NodeStep { DueAt = due };
        }

        return ready == "Unknown"
            ? new NodeStep()
            : new NodeStep
            {
                Next = node with { Status = node.Status with { Conditions = NodeConditions.Silent(node.Status.Conditions, situation.Now) } },
                Events = [ObjectEvent.Normal(Controller, "NodeNotReady", $"Node {node.Metadata.Name} status is now: NodeNotReady")],
            };
    }

    /// <summary>What the control plane says of each pod on a node that it lost.</summary>
    public static ObjectEvent PodIsLost { get; } = ObjectEvent.Warning(Controller, "NodeNotReady", "Node is not ready");

    // The machine came up again before anybody missed it: its kubelet starts, and says so.
    private static bool HasBootedSince(V1Node node) => NodePower.BootedAt(node) is { } booted && ReadySince(node) < booted;

    private static bool HasThawedSince(V1Node node) => NodePower.ThawedAt(node) is { } thawed && !(NodePower.BootedAt(node) > thawed) && ReadySince(node) < thawed;

    private static bool IsRegistered(V1Node node) =>
        !string.IsNullOrEmpty(node.Status?.NodeInfo?.KubeletVersion) && NodeConditions.Status(node, "Ready") is not null;

    private static DateTime? ReadySince(V1Node node) =>
        node.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready")?.LastHeartbeatTime ?? node.Metadata.CreationTimestamp;

    private static IEnumerable<ObjectEvent> Starting(string name) =>
    [
        ObjectEvent.Normal(Kubelet, "Starting", "Starting kubelet.", name),
        ObjectEvent.Normal(Kubelet, "NodeHasSufficientMemory", $"Node {name} status is now: NodeHasSufficientMemory", name),
        ObjectEvent.Normal(Kubelet, "NodeHasNoDiskPressure", $"Node {name} status is now: NodeHasNoDiskPressure", name),
        ObjectEvent.Normal(Kubelet, "NodeHasSufficientPID", $"Node {name} status is now: NodeHasSufficientPID", name),
    ];

    private static IEnumerable<ObjectEvent> Known(string name) =>
    [
        ObjectEvent.Normal(Kubelet, "NodeAllocatableEnforced", "Updated Node Allocatable limit across pods", name),
        ObjectEvent.Normal(Controller, "RegisteredNode", $"Node {name} event: Registered Node {name} in Controller"),
    ];

    private static ObjectEvent Ready(string name) => ObjectEvent.Normal(Kubelet, "NodeReady", $"Node {name} status is now: NodeReady", name);

    private static DateTime WholeSeconds(DateTime time) => Pods.WholeSeconds.Of(time);
}
