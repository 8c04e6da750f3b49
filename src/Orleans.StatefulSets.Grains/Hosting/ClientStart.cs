using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;

namespace Orleans.StatefulSets.Grains.Hosting;

/// <summary>What an API server without a silo does once it has found the silos: it waits until there is a cluster, and follows it.</summary>
internal sealed class ClientStart(ClusterStart start, ReplicaSet replicas, ClusterClock clock, IGrainFactory grains, TimeProvider wall)
    : ILifecycleParticipant<IClusterClientLifecycle>
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stopping = new();

    /// <inheritdoc/>
    public void Participate(IClusterClientLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(ClientStart),
        ServiceLifecycleStage.Active + 1,
        _ =>
        {
            start.RunAsync(() => StartAsync(stopping.Token)).Ignore();
            return Task.CompletedTask;
        },
        _ => stopping.CancelAsync());

    private async Task<ClusterSettings> StartAsync(CancellationToken cancellation)
    {
        var stored = grains.GetGrain<IClusterSettingsGrain>(ClusterSettingsKeys.Grain);
        ClusterSettings? settings;
        while ((settings = await FindAsync(stored).WaitAsync(cancellation)) is null)
        {
            await Task.Delay(AskAgainAfter, wall, cancellation);
        }

        (clock as ScaledClock)?.Settle(settings.Anchor);
        await replicas.Loaded.WaitAsync(cancellation);
        await replicas.Objects.WaitForHeadAsync(cancellation);
        return settings;
    }

    // The silos that were known a moment ago may be others by now.
    private static async Task<ClusterSettings?> FindAsync(IClusterSettingsGrain stored)
    {
        try
        {
            return await stored.Find();
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            return null;
        }
    }
}
