using k8s.Models;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;
using static Orleans.StatefulSets.Grains.Tests.Files.KeptFiles;

namespace Orleans.StatefulSets.Grains.Tests.Files;

/// <summary>Durable trees in a cluster of three silos.</summary>
public sealed class FileTreesTests : IAsyncLifetime
{
    private const long Capacity = 1 << 20;
    private const string Key = "volume/uid";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private TestCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await TestCluster.StartAsync(3);

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task What_one_silo_writes_another_one_reads()
    {
        var (one, other) = (Open(0, "a@n", exclusive: false), Open(1, "b@n", exclusive: false));
        await one.MakeDirectoryAsync(Root, "/d");
        await one.WriteAllAsync(Root, "/d/f", new byte[300_000]);
        await one.MakeSymbolicLinkAsync(Root, "d/f", "/l");
        await one.ChangeAsync(Root, "/d/f", new AttributeChange { Mode = 0x180, Uid = 7, Gid = 8, Modified = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc) });
        await one.FlushAsync();

        Assert.Equal(300_000, (await other.ReadAllAsync(Root, "/l", 1 << 20)).Length);
        Assert.Equal(await DescribeAsync(one), await DescribeAsync(other));
        var node = await other.StatAsync(Root, "/d/f");
        Assert.Equal((0x180, 7, 8), (node.Mode, node.Uid, node.Gid));
        await FailsAsync(Errno.EEXIST, () => other.MakeDirectoryAsync(Root, "/d"));
        await FailsAsync(Errno.ENOTEMPTY, () => other.RemoveDirectoryAsync(Root, "/d"));
        await FailsAsync(Errno.ENOSPC, () => other.WriteAllAsync(Root, "/big", new byte[Capacity]));
        await FailsAsync(Errno.EINVAL, async () => await other.Root.CreateAsync(1, "a\0b", new NewNode(FileKind.Regular, 0x1B6, 0, 0)));
    }

    [Fact]
    public async Task A_large_directory_is_listed_whole()
    {
        var files = new FileSystem(Trees(0).Open(Key, 1 << 30, "a@n", exclusive: false));
        var names = Enumerable.Range(0, 5000).Select(number => $"{number * 7919 % 5000}").ToList();
        foreach (var name in names)
        {
            await files.Root.CreateAsync(1, name, new NewNode(FileKind.Regular, 0x1B6, 0, 0));
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), (await Open(1, "b@n", exclusive: false).ListAsync(Root, "/")).Select(entry => entry.Name));
    }

    [Fact]
    public async Task Who_attaches_exclusively_from_another_node_fences_whoever_was_there_for_reads_and_writes()
    {
        var old = Open(0, "pod-1@node-a", exclusive: true);
        var neighbour = Open(0, "pod-2@node-a", exclusive: true);
        await old.WriteAllAsync(Root, "/f", "old"u8.ToArray());
        await neighbour.WriteAllAsync(Root, "/g", "x"u8.ToArray());
        var successor = Open(1, "pod-1@node-b", exclusive: true);
        Assert.Equal("old"u8.ToArray(), await successor.ReadAllAsync(Root, "/f", 100));

        foreach (var fenced in (FileSystem[])[old, neighbour])
        {
            await FailsAsync(Errno.ESTALE, async () => await fenced.ReadAllAsync(Root, "/f", 100));
            await FailsAsync(Errno.ESTALE, () => fenced.WriteAllAsync(Root, "/f", "late"u8.ToArray()));
            await FailsAsync(Errno.ESTALE, fenced.FlushAsync);
        }

        Assert.Equal("old"u8.ToArray(), await successor.ReadAllAsync(Root, "/f", 100));
    }

    [Fact]
    public async Task A_kubelet_that_lives_twice_has_its_later_life_count()
    {
        var zombie = Open(0, "pod-1@node-a", exclusive: true);
        await zombie.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        await Open(1, "pod-1@node-a", exclusive: true).WriteAllAsync(Root, "/f", "y"u8.ToArray());
        await FailsAsync(Errno.ESTALE, () => zombie.WriteAllAsync(Root, "/f", "z"u8.ToArray()));
        Assert.Equal("y"u8.ToArray(), await Open(1, "pod-1@node-a", exclusive: true).ReadAllAsync(Root, "/f", 100));
    }

    [Fact]
    public async Task A_detached_holder_lets_go_of_what_it_held_open_and_may_do_no_more()
    {
        var (files, other) = (Open(0, "a@n", exclusive: false), Open(1, "b@m", exclusive: false));
        await files.WriteAllAsync(Root, "/f", new byte[100]);
        await files.OpenAsync(Root, "/f", OpenMode.Read);
        await files.RemoveFileAsync(Root, "/f");
        Assert.Equal(4096, (await other.Root.UsageAsync()).Used);
        await Trees(2).DetachAsync(Key, "a@n");
        Assert.Equal(0, (await other.Root.UsageAsync()).Used);
        await FailsAsync(Errno.ESTALE, async () => await files.ListAsync(Root, "/"));
        await Trees(2).DetachAsync(Key, "nobody@n");
        await Trees(2).DetachAsync("volume/none", "nobody@n");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tree_whose_silo_goes_keeps_what_was_flushed_and_its_fences(bool kill)
    {
        var first = Open(1, "pod-0@node-z", exclusive: true);
        await first.WriteAllAsync(Root, "/old", "x"u8.ToArray());
        var survivor = cluster.SiloWithout(message => message.Key == Key);
        var fenced = Open(survivor, "pod-2@node-z", exclusive: true);
        await fenced.ListAsync(Root, "/");
        var files = Open(survivor, "pod-1@node-a", exclusive: true);
        await files.WriteAllAsync(Root, "/f", "flushed"u8.ToArray());
        await files.FlushAsync();

        await cluster.LoseSiloOfAsync(message => message.Key == Key, kill);

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

        await cluster.LoseSiloOfAsync(message => message.Key == Key, kill: true);

        await FailsAsync(Errno.EIO, files.FlushAsync);
        await files.FlushAsync();
        Assert.Equal("flushed"u8.ToArray(), await files.ReadAllAsync(Root, "/f", 100));
    }

    [Fact]
    public async Task A_change_whose_answer_is_lost_is_an_error_and_a_question_is_asked_again()
    {
        var files = Open(0, "a@n", exclusive: false);
        await files.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        var lost = 0;
        cluster.Trace.IsLost = message => message.Key == Key && Interlocked.Increment(ref lost) == 1;
        Assert.Equal("x"u8.ToArray(), await files.ReadAllAsync(Root, "/f", 100));
        lost = 0;
        cluster.Trace.IsLost = message => message.Key == Key && message.Method == "Create" && Interlocked.Increment(ref lost) == 1;
        await FailsAsync(Errno.EIO, () => files.MakeDirectoryAsync(Root, "/d"));
        await files.MakeDirectoryAsync(Root, "/d");
    }

    [Fact]
    public async Task What_nobody_flushed_is_written_by_itself()
    {
        var files = Open(0, "a@n", exclusive: false);
        await files.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        await UntilAsync(async () => (await StoredAsync()).Names.Any(name => name.Name == "f"));
    }

    [Fact]
    public async Task A_flush_of_an_untouched_tree_asks_nobody()
    {
        var files = Open(0, "a@n", exclusive: false);
        await files.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        await files.FlushAsync();
        await files.ReadAllAsync(Root, "/f", 100);
        var before = cluster.Trace.Messages.Count(message => message.Key == Key);
        await files.FlushAsync();
        Assert.Equal(before, cluster.Trace.Messages.Count(message => message.Key == Key));
    }

    [Fact]
    public async Task Continuations_come_back_to_the_callers_scheduler()
    {
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var files = Open(0, "a@n", exclusive: false);
        var schedulers = await Task.Factory.StartNew(
            async () =>
            {
                List<TaskScheduler> seen = [];
                await files.WriteAllAsync(Root, "/f", new byte[200_000]);
                seen.Add(TaskScheduler.Current);
                await files.FlushAsync();
                seen.Add(TaskScheduler.Current);
                await files.ReadAllAsync(Root, "/f", 1 << 20);
                seen.Add(TaskScheduler.Current);
                return seen;
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            scheduler).Unwrap();
        Assert.All(schedulers, seen => Assert.Same(scheduler, seen));
    }

    [Fact]
    public async Task A_deleted_tree_is_gone_for_all_who_used_it()
    {
        var files = Open(0, "a@n", exclusive: false);
        await files.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        await Trees(1).DeleteAsync(Key);
        await FailsAsync(Errno.ESTALE, async () => await files.ListAsync(Root, "/"));
        await FailsAsync(Errno.ESTALE, () => files.WriteAllAsync(Root, "/f", "x"u8.ToArray()));
        Assert.Empty(await ListAsync());
        await Trees(1).DeleteAsync(Key);
        Assert.Empty(await Open(2, "b@n", exclusive: true).ListAsync(Root, "/"));
    }

    [Theory]
    [InlineData("Delete", 0)]
    [InlineData("Retain", 1)]
    public async Task A_volume_that_is_reclaimed_takes_its_files_with_it_and_one_that_is_retained_keeps_them(string policy, int left)
    {
        await cluster.CreateAsync(new V1StorageClass
        {
            ApiVersion = "storage.k8s.io/v1",
            Kind = "StorageClass",
            Metadata = new V1ObjectMeta { Name = "kept" },
            Provisioner = "emulated",
            ReclaimPolicy = policy,
            VolumeBindingMode = "Immediate",
        });
        await cluster.CreateAsync(new V1PersistentVolumeClaim
        {
            ApiVersion = "v1",
            Kind = "PersistentVolumeClaim",
            Metadata = new V1ObjectMeta { Name = "data", NamespaceProperty = "default" },
            Spec = new V1PersistentVolumeClaimSpec
            {
                StorageClassName = "kept",
                AccessModes = ["ReadWriteOnce"],
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } },
            },
        });
        await cluster.UntilAsync("a volume", replica => Volume(replica)?.Status?.Phase == "Bound", sweeping: true);
        var uid = Volume(cluster.Replica())!.Metadata.Uid;
        var files = Open(0, "a@n", exclusive: true, TreeNames.OfVolume(uid));
        await files.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        await files.FlushAsync();

        await cluster.DeleteAsync(ResourceKinds.PersistentVolumeClaims.Key("default", "data"));
        await cluster.UntilAsync("the claim is gone", replica => left == 0 ? Volume(replica) is null : Volume(replica)?.Status?.Phase == "Released", sweeping: true);
        await UntilAsync(async () => (await ListAsync()).Count == left);
        if (left == 1)
        {
            Assert.Equal("x"u8.ToArray(), await files.ReadAllAsync(Root, "/f", 100));
            await cluster.DeleteAsync(ResourceKinds.PersistentVolumes.Key("", Volume(cluster.Replica())!.Metadata.Name));
            await UntilAsync(async () => (await ListAsync()).Count == 0);
        }
    }

    [Fact]
    public async Task A_sweep_deletes_what_has_no_owner_and_nothing_else()
    {
        await cluster.CreateAsync(Sets.New("web", 1, claims: true));
        await cluster.UntilAsync("a ready pod", replica => Sets.AreReady(replica, "web", 1));
        var volume = Volume(cluster.Replica())!.Metadata.Uid;
        var pod = Sets.Uids(cluster.Replica(), "web").Single().Value;
        var node = cluster.Replica().List(ResourceKinds.Nodes.Resource, null).First().Key.Name;
        string[] owned = [TreeNames.OfVolume(volume), TreeNames.OfEmptyDir(pod, "cache"), TreeNames.OfNode(node), "of-another-kind/x"];
        string[] orphans = [TreeNames.OfVolume("gone"), TreeNames.OfEmptyDir("gone", "cache"), TreeNames.OfNode("gone")];
        await using var store = new MemoryFileStore(cluster.Files);
        foreach (var tree in owned.Concat(orphans))
        {
            await store.AcquireAsync(tree, create: true, CancellationToken.None);
        }

        // Silos that come are reason enough to look.
        await cluster.StartAnotherAsync();
        await UntilAsync(async () =>
        {
            for (var silo = 0; silo < cluster.Silos.Count; silo++)
            {
                await cluster.Service<FileSweep>(silo).SweepAsync();
            }

            return (await ListAsync()).Count <= owned.Length;
        });
        Assert.Equal(owned.Order(StringComparer.Ordinal), await ListAsync());
    }

    private static V1PersistentVolume? Volume(Grains.Replicas.Replica replica) =>
        replica.List(ResourceKinds.PersistentVolumes.Resource, null).Select(item => item.As<V1PersistentVolume>()).SingleOrDefault();

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "waited in vain");
            await tick.WaitForNextTickAsync();
        }
    }

    private FileTrees Trees(int silo) => cluster.Service<FileTrees>(silo);

    private FileSystem Open(int silo, string holder, bool exclusive, string key = Key) => new(Trees(silo).Open(key, Capacity, holder, exclusive));

    // The tree lives where it was first used, and is used from another silo from here on.
    private async Task<FileSystem> OpenOnAnotherSiloAsync(string holder)
    {
        await Open(1, "first@node-a", exclusive: true).ListAsync(Root, "/");
        return Open(cluster.SiloWithout(message => message.Key == Key), holder, exclusive: true);
    }

    private async Task<IReadOnlyList<string>> ListAsync()
    {
        await using var store = new MemoryFileStore(cluster.Files);
        return await store.ListAsync("", 10, CancellationToken.None);
    }

    private async Task<StoredTree> StoredAsync()
    {
        // Read past the holder's back, which is not fenced by it.
        await using var store = new MemoryFileStore(cluster.Files);
        for (long epoch = 1; epoch < 10; epoch++)
        {
            if (await store.LoadAsync(new TreeHold(1, epoch), CancellationToken.None) is { } tree)
            {
                return tree;
            }
        }

        throw new InvalidOperationException("there is no tree");
    }
}
