using Orleans.StatefulSets.Grains.Cluster;

namespace Orleans.StatefulSets.Grains.Hosting;

/// <summary>How fast the simulated clock is to run.</summary>
public sealed class ClockSettings
{
    /// <summary>Simulated seconds a wall second.</summary>
    public double Speed { get; set; } = 1;
}

/// <summary>The cluster's way to readiness in this process: its clock set, its copy filled, the first objects made.</summary>
public sealed class ClusterStart
{
    private readonly TaskCompletionSource<ClusterSettings> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the cluster's settings when it can be used through this process; fails when it can't be started.</summary>
    public Task<ClusterSettings> Ready => ready.Task;

    internal async Task RunAsync(Func<Task<ClusterSettings>> start)
    {
        try
        {
            ready.TrySetResult(await start());
        }
        catch (Exception failure)
        {
            ready.TrySetException(failure);
            throw;
        }
    }
}
