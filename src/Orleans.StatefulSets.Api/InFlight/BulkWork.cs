namespace Orleans.StatefulSets.Api.InFlight;

/// <summary>
/// The work of lists, which costs what it returns. It leaves one core to everything else, and each turn goes behind what waits already:
/// clients that list everything again and again must not keep the cluster from its own work.
/// </summary>
internal sealed class BulkWork
{
    /// <summary>How many objects are looked at between two turns.</summary>
    public const int ObjectsATurn = 500;

    private readonly TaskScheduler scheduler =
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Math.Max(1, Environment.ProcessorCount - 1), maxItemsPerTask: 1).ConcurrentScheduler;

    /// <summary>Runs work that yields (<see cref="Task.Yield"/>) now and then.</summary>
    public Task RunAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
}
