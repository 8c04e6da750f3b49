using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Hosting;

/// <summary>What a silo does once it is one of the cluster's.</summary>
internal sealed class SiloStart(
    ClusterStart start, Bootstrap bootstrap, ImportedTime imported, Sweep sweep, ClusterClock clock, IGrainFactory grains, ILocalSiloDetails silo,
    IIdentitySource identities, TimeProvider wall, IOptions<ClockSettings> speed) : ILifecycleParticipant<ISiloLifecycle>
{
    private const int MostAttempts = 120;
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(SiloStart), ServiceLifecycleStage.Active + 1, cancellation => start.RunAsync(() => StartAsync(cancellation)), _ => sweep.StopAsync());

    // A silo may come while the cluster still counts on those that were lost with it.
    private async Task<ClusterSettings> StartAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await BeginAsync(cancellation);
            }
            catch (OrleansException) when (attempt < MostAttempts && !cancellation.IsCancellationRequested)
            {
                await Task.Delay(AskAgainAfter, wall, cancellation);
            }
        }
    }

    private async Task<ClusterSettings> BeginAsync(CancellationToken cancellation)
    {
        var now = wall.GetUtcNow().UtcDateTime;
        var stored = grains.GetGrain<IClusterSettingsGrain>(ClusterSettingsKeys.Grain);
        var begin = await stored.Find() is null ? await imported.NotBeforeAsync(now, cancellation) : now;
        var settings = await stored.Begin(
            new ClusterSettings { CreatedAt = now, ClockWall = now, ClockSimulated = begin, ClockSpeed = speed.Value.Speed, Token = identities.NewUid() },
            silo.SiloAddress);
        (clock as ScaledClock)?.Settle(settings.Anchor);
        await bootstrap.RunAsync(cancellation);
        sweep.Start();
        return settings;
    }
}
