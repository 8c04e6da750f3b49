using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>
/// What a kubelet's heartbeats say at any moment. They are not written: a lease renewed every 10 s and a status posted every 5 minutes
/// (<c>nodeLeaseRenewIntervalFraction</c>, <c>nodeStatusReportFrequency</c>) follow from the clock, and from when the machine fell silent.
/// </summary>
public static class NodeHeartbeat
{
    /// <summary>How often a kubelet renews its lease: a quarter of the 40 s that it lasts.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);

    /// <summary>How often it posts a status in which nothing changed.</summary>
    public static readonly TimeSpan PostEvery = TimeSpan.FromMinutes(5);

    /// <summary>Seconds that a lease lasts.</summary>
    public const int LeaseSeconds = 40;

    /// <summary>The last renewal up to a moment.</summary>
    /// <param name="node">The node; one that is off or hangs renews no more.</param>
    /// <param name="since">A moment of renewal, such as the first.</param>
    /// <param name="now">The simulated time.</param>
    public static DateTime LastRenewal(V1Node node, DateTime since, DateTime now) => Last(node, since, now, RenewEvery);

    /// <summary>The last posting of an unchanged status up to a moment.</summary>
    /// <param name="node">The node.</param>
    /// <param name="since">When a status was posted that did change something.</param>
    /// <param name="now">The simulated time.</param>
    public static DateTime LastPost(V1Node node, DateTime since, DateTime now) => Last(node, since, now, PostEvery);

    /// <summary>Since when a node's status says what it says, null where it says nothing; the conditions that say so too go on with it.</summary>
    public static DateTime? PostedSince(V1Node node) =>
        node.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready")?.LastHeartbeatTime;

    /// <summary>Whether a time is one at which the lease was renewed, up to now.</summary>
    public static bool IsRenewal(V1Node node, DateTime since, DateTime time, DateTime now) => time <= now && LastRenewal(node, since, time) == time;

    /// <summary>Whether a time is one at which the status was posted, up to now.</summary>
    public static bool IsPost(V1Node node, DateTime since, DateTime time, DateTime now) => time <= now && LastPost(node, since, time) == time;

    private static DateTime Later(DateTime one, DateTime? other) => other > one ? other.Value : one;

    private static DateTime Last(V1Node node, DateTime since, DateTime now, TimeSpan every)
    {
        var until = NodePower.SilentSince(node) is { } silent && silent < now ? silent : now;
        var begin = Later(Later(since, NodePower.BootedAt(node)), NodePower.ThawedAt(node));
        return until <= begin ? since < until ? since : begin : begin + (Math.Floor((until - begin) / every) * every);
    }
}
