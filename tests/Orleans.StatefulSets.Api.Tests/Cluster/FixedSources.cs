using Orleans.StatefulSets.Api.Health;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Tests.Cluster;

public sealed class FixedClock : ClusterClock
{
    public override DateTime Now { get; } = new(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    public override Task WaitUntilAsync(DateTime due, CancellationToken cancellation) =>
        due <= Now ? Task.CompletedTask : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
}

/// <summary>Uids and suffixes that count.</summary>
public sealed class FixedIdentities : IIdentitySource
{
    private int uids;
    private int suffixes;

    public string NewUid() => $"00000000-0000-4000-8000-{Interlocked.Increment(ref uids):x12}";

    public string NewNameSuffix() => $"x{Interlocked.Increment(ref suffixes):d4}";
}

public sealed class SettableReadiness : IReadiness
{
    public bool JournalUp { get; set; } = true;

    public IReadOnlyList<ReadinessCheck> Check() => [new("journal", JournalUp)];
}
