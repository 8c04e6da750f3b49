using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Hosting;

/// <summary>How fast the simulated clock is to run.</summary>
public sealed class ClockSettings
{
    /// <summary>Simulated seconds a wall second.</summary>
    public double Speed { get; set; } = 1;
}

/// <summary>The cluster's way to readiness on this silo: its clock set, its copy filled, the first objects made.</summary>
public sealed class ClusterStart : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly Bootstrap bootstrap;
    private readonly ImportedTime imported;
    private readonly Sweep sweep;
    private readonly ClusterClock clock;
    private readonly IGrainFactory grains;
    private readonly IIdentitySource identities;
    private readonly TimeProvider wall;
    private readonly double speed;
    private readonly TaskCompletionSource<ClusterSettings> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ClusterStart(
        Bootstrap bootstrap, ImportedTime imported, Sweep sweep, ClusterClock clock, IGrainFactory grains, IIdentitySource identities, TimeProvider wall, double speed)
    {
        (this.bootstrap, this.imported, this.sweep, this.clock, this.grains, this.identities, this.wall, this.speed) = (bootstrap, imported, sweep, clock, grains, identities, wall, speed);
    }

    /// <summary>Completes with the cluster's settings when it can be used through this silo; fails when it can't be started.</summary>
    public Task<ClusterSettings> Ready => ready.Task;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(ClusterStart), ServiceLifecycleStage.Active + 1, StartAsync, _ => sweep.StopAsync());

    private async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            var now = wall.GetUtcNow().UtcDateTime;
            var stored = grains.GetGrain<IClusterSettingsGrain>(ClusterSettingsKeys.Grain);
            var begin = await stored.IsNew() ? await imported.NotBeforeAsync(now, cancellation) : now;
            var settings = await stored.Begin(new ClusterSettings
            {
                CreatedAt = now,
                ClockWall = now,
                ClockSimulated = begin,
                ClockSpeed = speed,
                Token = identities.NewUid(),
            });
            (clock as ScaledClock)?.Settle(settings.Anchor);
            await bootstrap.RunAsync(cancellation);
            sweep.Start();
            ready.TrySetResult(settings);
        }
        catch (Exception failure)
        {
            ready.TrySetException(failure);
            throw;
        }
    }
}
