using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Tests.Files;

/// <summary>A cluster of three silos, and short words for what tests do with its trees.</summary>
public sealed class TreeCluster : IAsyncLifetime
{
    public const long Capacity = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private TestCluster? started;

    internal TestCluster Cluster => started ?? throw new InvalidOperationException("the cluster was not started");

    public async Task InitializeAsync() => started = await TestCluster.StartAsync(3);

    public async Task DisposeAsync()
    {
        if (started is not null)
        {
            await started.DisposeAsync();
        }
    }

    internal FileTrees Trees(int silo) => Cluster.Service<FileTrees>(silo);

    internal FileSystem Open(int silo, string key, string holder, bool exclusive = false, long use = 0, long capacity = Capacity) =>
        new(Trees(silo).Open(key, capacity, holder, exclusive, use));

    /// <summary>The names of the trees that there are.</summary>
    internal async Task<IReadOnlyList<string>> ListAsync()
    {
        await using var store = new MemoryFileStore(Cluster.Files);
        return await store.ListAsync("", 100, CancellationToken.None);
    }

    internal static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "waited in vain");
            await tick.WaitForNextTickAsync();
        }
    }
}
