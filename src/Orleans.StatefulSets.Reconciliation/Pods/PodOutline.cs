using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Scheduling;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>What the admission of another pod asks of one that is on the node: it is asked by every newcomer, so it is read once a pod.</summary>
public sealed record PodOutline
{
    private PodOutline()
    {
    }

    public required string Uid { get; init; }

    /// <summary>The pod has ended and takes no room any more.</summary>
    public bool IsTerminal { get; init; }

    internal IReadOnlyList<HostPort> Ports { get; private init; } = [];

    internal ResourceAmounts Requests { get; private init; } = ResourceAmounts.None;

    /// <summary>The outline of a pod.</summary>
    public static PodOutline Of(V1Pod pod) => new()
    {
        Uid = pod.Metadata.Uid,
        IsTerminal = PodReadiness.IsTerminal(pod),
        Ports = HostPort.Of(pod),
        Requests = ResourceAmounts.RequestedBy(pod),
    };
}
