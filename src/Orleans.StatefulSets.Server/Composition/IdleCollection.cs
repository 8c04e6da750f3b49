namespace Orleans.StatefulSets.Server.Composition;

/// <summary>
/// Gives memory back when the server has come to rest: a collection happens only where something is allocated, so what a burst of pods
/// left behind would stay until the next burst.
/// </summary>
internal sealed class IdleCollection(TimeProvider time) : BackgroundService
{
    private const long QuietBytes = 1 << 20;
    private const long WorthwhileBytes = 16 << 20;

    // Compacting stops the process for about a second a gigabyte; a large cluster is collected when it allocates.
    private const long LargestHeapBytes = 1L << 30;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await CollectAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The server stops, or its start failed; the host would take the latter for a failure of this service.
        }
    }

    private async Task CollectAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        var collectedAt = GC.GetTotalAllocatedBytes();
        for (var before = collectedAt; await timer.WaitForNextTickAsync(stoppingToken);)
        {
            var now = GC.GetTotalAllocatedBytes();
            if (now - before < QuietBytes && now - collectedAt > WorthwhileBytes && GC.GetTotalMemory(forceFullCollection: false) < LargestHeapBytes)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                collectedAt = now;
            }

            before = now;
        }
    }
}
