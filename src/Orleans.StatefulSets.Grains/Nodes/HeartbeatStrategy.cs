using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Strategies;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <summary>
/// Nodes and leases as their kinds have it, but a heartbeat that was only shown (<see cref="Heartbeats"/>) and comes back is taken for
/// what is stored: whoever writes what he read changes nothing. Any other time is somebody's own, and is obeyed.
/// </summary>
internal sealed class HeartbeatStrategy(IObjectStrategy kinds) : IObjectStrategy
{
    private static readonly IObjectStrategy Nodes = new HeartbeatStrategy(ObjectStrategies.For(ResourceKinds.Nodes));
    private static readonly IObjectStrategy Leases = new HeartbeatStrategy(ObjectStrategies.For(ResourceKinds.Leases));

    /// <summary>The strategy of a kind, with heartbeats where it has them.</summary>
    public static IObjectStrategy For(ResourceKind kind) =>
        kind == ResourceKinds.Nodes ? Nodes : kind == ResourceKinds.Leases ? Leases : ObjectStrategies.For(kind);

    /// <inheritdoc/>
    public object PrepareForCreate(object model, IClusterView cluster, DateTime now) => kinds.PrepareForCreate(model, cluster, now);

    /// <inheritdoc/>
    public object PrepareForUpdate(object next, object current, string subresource, IClusterView cluster, DateTime now) => kinds.PrepareForUpdate(
        (next, current) switch
        {
            (V1Node node, V1Node stored) => Stored(node, stored, now),
            (V1Lease lease, V1Lease stored) => Stored(lease, stored, cluster, now),
            _ => next,
        },
        current,
        subresource,
        cluster,
        now);

    /// <inheritdoc/>
    public IReadOnlyList<FieldError> Validate(object model, IClusterView cluster) => kinds.Validate(model, cluster);

    /// <inheritdoc/>
    public IReadOnlyList<FieldError> ValidateUpdate(object next, object current, string subresource, IClusterView cluster) =>
        kinds.ValidateUpdate(next, current, subresource, cluster);

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings(object model) => kinds.Warnings(model);

    private static V1Node Stored(V1Node next, V1Node stored, DateTime now)
    {
        if (next.Status?.Conditions is not { } conditions || NodeHeartbeat.PostedSince(stored) is not { } since
            || !conditions.Any(IsShown))
        {
            return next;
        }

        return next with { Status = next.Status with { Conditions = [.. conditions.Select(condition => IsShown(condition) ? condition with { LastHeartbeatTime = since } : condition)] } };

        bool IsShown(V1NodeCondition condition) => condition.LastHeartbeatTime is { } time && time != since && NodeHeartbeat.IsPost(stored, since, time, now)
            && stored.Status.Conditions.Any(other => other.Type == condition.Type && other.LastHeartbeatTime == since);
    }

    private static V1Lease Stored(V1Lease next, V1Lease stored, IClusterView cluster, DateTime now) =>
        next.Spec?.RenewTime is { } time && stored.Spec?.RenewTime is { } since && time != since
        && NodeLeases.HolderOf(stored, cluster) is { } holder && NodeHeartbeat.IsRenewal(holder, since, time, now)
            ? next with { Spec = next.Spec with { RenewTime = since } }
            : next;
}
