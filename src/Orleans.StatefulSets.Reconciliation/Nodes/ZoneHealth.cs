using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>What the health of the zones allows to do to the pods of lost nodes.</summary>
public enum EvictionMode
{
    /// <summary>Lost nodes are tainted, and their pods evicted.</summary>
    Evicting,

    /// <summary>A part of a small zone is down: no other node is tainted, those that are stay so.</summary>
    Held,

    /// <summary>Every zone is down, so the fault is likely the control plane's: nothing is evicted, and the taints that evict are taken off.</summary>
    Stopped,
}

/// <summary>How many nodes of a zone are ready, and how many not.</summary>
public readonly record struct ZoneCounts(int Ready, int Unready);

/// <summary>
/// Whether pods may be evicted from lost nodes: not when so many are lost that the fault is more likely the control plane's
/// (<c>ComputeZoneState</c> and <c>handleDisruption</c> of the node lifecycle controller; https://kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction).
/// </summary>
public static class ZoneHealth
{
    // A float as upstream's flag: 11 of 20 nodes are 55 %.
    private const float UnhealthyThreshold = 0.55f;
    private const int LargeCluster = 50;
    private const string ExcludeDisruption = "node.kubernetes.io/exclude-disruption";

    /// <summary>What may be done in a zone.</summary>
    /// <param name="zone">The nodes of the zone that count.</param>
    /// <param name="anyZoneWorks">Any zone has a ready node, or there is none whose nodes count.</param>
    public static EvictionMode Of(ZoneCounts zone, bool anyZoneWorks) =>
        !anyZoneWorks ? EvictionMode.Stopped : IsPartlyDown(zone) && !IsLarge(zone) ? EvictionMode.Held : EvictionMode.Evicting;

    /// <summary>The zone that a node is in, <c>""</c> for none (<c>GetZoneKey</c> of <c>component-helpers/node/topology</c>).</summary>
    public static string ZoneOf(V1Node node)
    {
        var region = Label(node, "topology.kubernetes.io/region") ?? Label(node, "failure-domain.beta.kubernetes.io/region") ?? "";
        var zone = Label(node, "topology.kubernetes.io/zone") ?? Label(node, "failure-domain.beta.kubernetes.io/zone") ?? "";
        return region.Length == 0 && zone.Length == 0 ? "" : $"{region}:\0:{zone}";
    }

    /// <summary>Whether a node says something about its zone: its label may exclude it from that.</summary>
    public static bool Counts(V1Node node) => Label(node, ExcludeDisruption) is null;

    // A zone with no ready node at all is not partly down but down: as long as another zone works, its pods go there.
    private static bool IsPartlyDown(ZoneCounts zone) =>
        zone is { Ready: > 0, Unready: > 2 } && (float)zone.Unready / (zone.Ready + zone.Unready) >= UnhealthyThreshold;

    private static bool IsLarge(ZoneCounts zone) => zone.Ready + zone.Unready > LargeCluster;

    private static string? Label(V1Node node, string key) => node.Metadata.Labels is { } labels && labels.TryGetValue(key, out var value) ? value : null;
}
