using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;
using static Orleans.StatefulSets.Grains.Tests.Files.KeptFiles;

namespace Orleans.StatefulSets.Grains.Tests.Files;

/// <summary>The silo of a tree's grain is lost: what was flushed stays, and what was not is told.</summary>
public sealed class LostTreeTests : IAsyncLifetime
{
    private const string Key = "test/uid";

    private readonly TreeCluster trees = new();

    private int SiloOfTree => Enumerable.Range(0, 3).Single(silo => trees.Cluster.Silos[silo].Name == trees.Cluster.Trace.Messages.Last(message => message.Key == Key).Silo);

    public Task InitializeAsync() => trees.InitializeAsync();

    public Task DisposeAsync() => trees.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tree_whose_silo_goes_keeps_what_was_flushed_and_its_fences(bool kill)
    {
        var first = trees.Open(1, Key, "pod-0@node-z", exclusive: true);
        await first.WriteAllAsync(Root, "/old", "x"u8.ToArray());
        var survivor = trees.Cluster.SiloWithout(message => message.Key == Key);
        var fenced = trees.Open(survivor, Key, "pod-2@node-z", exclusive: true);
        await fenced.ListAsync(Root, "/");
        var files = trees.Open(survivor, Key, "pod-1@node-a", exclusive: true);
        await files.WriteAllAsync(Root, "/f", "flushed"u8.ToArray());
        await files.FlushAsync();

        await trees.Cluster.LoseSiloOfAsync(message => message.Key == Key, kill);

        Assert.Equal("flushed"u8.ToArray(), await files.ReadAllAsync(Root, "/f", 100));
        await files.FlushAsync();
        await files.WriteAllAsync(Root, "/g", "more"u8.ToArray());
        await files.FlushAsync();
        Assert.Equal("more"u8.ToArray(), await files.ReadAllAsync(Root, "/g", 100));
        await FailsAsync(Errno.ESTALE, async () => await fenced.ListAsync(Root, "/"));
    }

    [Fact]
    public async Task What_was_acknowledged_and_went_with_a_silo_is_an_error_of_the_next_flush_and_of_no_later_one()
    {
        var files = await OpenOnAnotherSiloAsync("pod-1@node-a");
        await files.WriteAllAsync(Root, "/f", "flushed"u8.ToArray());
        await files.FlushAsync();
        await files.WriteAllAsync(Root, "/f", "acknowledged"u8.ToArray());

        // A silo that loses its power writes nothing more.
        await trees.Cluster.Service<IFileStore>(silo: SiloOfTree).DisposeAsync();
        await trees.Cluster.LoseSiloOfAsync(message => message.Key == Key, kill: true);

        await FailsAsync(Errno.EIO, files.FlushAsync);
        await files.FlushAsync();
        Assert.Equal("flushed"u8.ToArray(), await files.ReadAllAsync(Root, "/f", 100));
    }

    // The tree lives where it was first used, and is used from another silo from here on.
    private async Task<FileSystem> OpenOnAnotherSiloAsync(string holder)
    {
        await trees.Open(1, Key, "first@node-a", exclusive: true).ListAsync(Root, "/");
        return trees.Open(trees.Cluster.SiloWithout(message => message.Key == Key), Key, holder, exclusive: true);
    }
}
