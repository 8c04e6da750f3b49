namespace Orleans.StatefulSets.Grains.Tests.Files;

/// <summary>Runs a test as a grain runs: one stretch after another, though on any thread.</summary>
internal static class Turns
{
    public static Task RunAsync(Func<Task> test) => Task.Factory.StartNew(
        test, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();
}
