using Orleans.StatefulSets.Grains.Time;

namespace Orleans.StatefulSets.Grains.Cluster;

/// <summary>What a cluster keeps about itself: written seldom, read when it starts.</summary>
[GenerateSerializer, Immutable]
public sealed record ClusterSettings
{
    /// <summary>When the cluster was made, wall time, UTC.</summary>
    [Id(0)]
    public required DateTime CreatedAt { get; init; }

    /// <summary>The wall time of the clock's anchor, UTC.</summary>
    [Id(1)]
    public required DateTime ClockWall { get; init; }

    /// <summary>The simulated time at the clock's anchor, UTC.</summary>
    [Id(2)]
    public required DateTime ClockSimulated { get; init; }

    /// <summary>Simulated seconds a wall second.</summary>
    [Id(3)]
    public required double ClockSpeed { get; init; }

    /// <summary>The bearer token that the kubeconfig carries.</summary>
    [Id(4)]
    public required string Token { get; init; }

    internal ClockAnchor Anchor => new(ClockWall, ClockSimulated, ClockSpeed);

    internal ClusterSettings With(ClockAnchor anchor) => this with { ClockWall = anchor.Wall, ClockSimulated = anchor.Simulated, ClockSpeed = anchor.Speed };
}

/// <summary>Keeps the cluster's settings; its key is <c>cluster/settings</c>.</summary>
[Alias("cluster-settings")]
public interface IClusterSettingsGrain : IGrainWithStringKey
{
    /// <summary>The settings; null where no silo of the cluster has started yet.</summary>
    [Alias("find")]
    ValueTask<ClusterSettings?> Find();

    /// <summary>
    /// The settings for a silo that starts: made from the proposal on the first start of a cluster. Later only the clock's speed is taken
    /// from it, and only where no other silo runs by the one that is stored.
    /// </summary>
    [Alias("begin")]
    Task<ClusterSettings> Begin(ClusterSettings proposal, SiloAddress silo);
}

/// <summary>The one key of <see cref="IClusterSettingsGrain"/> and the name of its storage.</summary>
public static class ClusterSettingsKeys
{
    /// <summary>With a slash: the ADO.NET provider takes a key that parses as hexadecimal for a number (dotnet/orleans issue 9706).</summary>
    public const string Grain = "cluster/settings";

    /// <summary>The name of the grain storage provider.</summary>
    public const string Storage = "settings";
}
