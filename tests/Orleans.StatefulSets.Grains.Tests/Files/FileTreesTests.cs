using System.Runtime.CompilerServices;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;
using static Orleans.StatefulSets.Grains.Tests.Files.KeptFiles;

namespace Orleans.StatefulSets.Grains.Tests.Files;

/// <summary>Durable trees in a cluster of three silos. The trees are of no kind that has an owner, so that no sweep takes them away.</summary>
public sealed class FileTreesTests(TreeCluster trees) : IClassFixture<TreeCluster>
{
    [Fact]
    public async Task What_one_silo_writes_another_one_reads()
    {
        var key = NewKey();
        var (one, other) = (trees.Open(0, key, "a@n"), trees.Open(1, key, "b@n"));
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
        await FailsAsync(Errno.ENOSPC, () => other.WriteAllAsync(Root, "/big", new byte[TreeCluster.Capacity]));
        await FailsAsync(Errno.EINVAL, async () => await other.Root.CreateAsync(1, "a\0b", new NewNode(FileKind.Regular, 0x1B6, 0, 0)));
    }

    [Fact]
    public async Task A_large_directory_is_listed_whole()
    {
        var key = NewKey();
        var files = trees.Open(0, key, "a@n", capacity: 1 << 30);
        var names = Enumerable.Range(0, 5000).Select(number => $"{number * 7919 % 5000}").ToList();
        foreach (var name in names)
        {
            await files.Root.CreateAsync(1, name, new NewNode(FileKind.Regular, 0x1B6, 0, 0));
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), (await trees.Open(1, key, "b@n").ListAsync(Root, "/")).Select(entry => entry.Name));
    }

    [Fact]
    public async Task Who_attaches_exclusively_from_another_node_fences_whoever_was_there_for_reads_and_writes()
    {
        var key = NewKey();
        var old = trees.Open(0, key, "pod-1@node-a", exclusive: true);
        var neighbour = trees.Open(0, key, "pod-2@node-a", exclusive: true);
        await old.WriteAllAsync(Root, "/f", "old"u8.ToArray());
        await neighbour.WriteAllAsync(Root, "/g", "x"u8.ToArray());
        var successor = trees.Open(1, key, "pod-1@node-b", exclusive: true);
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
        var key = NewKey();
        var zombie = trees.Open(0, key, "pod-1@node-a", exclusive: true);
        await zombie.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        await trees.Open(1, key, "pod-1@node-a", exclusive: true).WriteAllAsync(Root, "/f", "y"u8.ToArray());
        await FailsAsync(Errno.ESTALE, () => zombie.WriteAllAsync(Root, "/f", "z"u8.ToArray()));
        Assert.Equal("y"u8.ToArray(), await trees.Open(1, key, "pod-1@node-a", exclusive: true).ReadAllAsync(Root, "/f", 100));
    }

    [Fact]
    public async Task A_detached_holder_lets_go_of_what_it_held_open_and_may_do_no_more()
    {
        var key = NewKey();
        var (files, other) = (trees.Open(0, key, "a@n"), trees.Open(1, key, "b@m"));
        await files.WriteAllAsync(Root, "/f", new byte[100]);
        await files.OpenAsync(Root, "/f", OpenMode.Read);
        await files.RemoveFileAsync(Root, "/f");
        Assert.Equal(4096, (await other.Root.UsageAsync()).Used);
        await trees.Trees(0).DetachAsync(key, "a@n");
        Assert.Equal(0, (await other.Root.UsageAsync()).Used);
        await FailsAsync(Errno.ESTALE, async () => await files.ListAsync(Root, "/"));
        await trees.Trees(2).DetachAsync(key, "nobody@n");
        await trees.Trees(2).DetachAsync("volume/none", "nobody@n");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Who_detaches_late_takes_nothing_from_the_same_holder_that_began_anew(int silo, long use)
    {
        var key = NewKey();
        var (before, after) = (trees.Open(0, key, "a@n", exclusive: true), trees.Open(silo, key, "a@n", exclusive: true, use));
        await before.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        Assert.Equal("x"u8.ToArray(), await after.ReadAllAsync(Root, "/f", 100));
        await FailsAsync(Errno.ESTALE, async () => await before.ListAsync(Root, "/"));

        await trees.Trees(0).DetachAsync(key, "a@n");

        Assert.Equal("x"u8.ToArray(), await after.ReadAllAsync(Root, "/f", 100));
        await trees.Trees(silo).DetachAsync(key, "a@n", use);
        await FailsAsync(Errno.ESTALE, async () => await after.ListAsync(Root, "/"));
    }

    [Fact]
    public async Task A_change_whose_answer_is_lost_is_an_error_and_a_question_is_asked_again()
    {
        var key = NewKey();
        var files = trees.Open(0, key, "a@n");
        await files.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        var lost = 0;
        trees.Cluster.Trace.IsLost = message => message.Key == key && Interlocked.Increment(ref lost) == 1;
        Assert.Equal("x"u8.ToArray(), await files.ReadAllAsync(Root, "/f", 100));
        lost = 0;
        trees.Cluster.Trace.IsLost = message => message.Key == key && message.Method == "Create" && Interlocked.Increment(ref lost) == 1;
        await FailsAsync(Errno.EIO, () => files.MakeDirectoryAsync(Root, "/d"));
        await files.MakeDirectoryAsync(Root, "/d");
    }

    [Fact]
    public async Task What_nobody_flushed_is_written_by_itself()
    {
        var key = NewKey();
        var files = trees.Open(0, key, "a@n");
        await files.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        await TreeCluster.UntilAsync(async () => await IsStoredAsync(key, "f"));
    }

    [Fact]
    public async Task A_flush_of_an_untouched_tree_asks_nobody()
    {
        var key = NewKey();
        var files = trees.Open(0, key, "a@n");
        await files.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        await files.FlushAsync();
        await files.ReadAllAsync(Root, "/f", 100);
        var before = trees.Cluster.Trace.Messages.Count(message => message.Key == key);
        await files.FlushAsync();
        Assert.Equal(before, trees.Cluster.Trace.Messages.Count(message => message.Key == key));
    }

    [Fact]
    public async Task Continuations_come_back_to_the_callers_scheduler()
    {
        var key = NewKey();
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var files = trees.Open(0, key, "a@n");
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
        var key = NewKey();
        var files = trees.Open(0, key, "a@n");
        await files.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        await trees.Trees(1).DeleteAsync(key);
        await FailsAsync(Errno.ESTALE, async () => await files.ListAsync(Root, "/"));
        await FailsAsync(Errno.ESTALE, () => files.WriteAllAsync(Root, "/f", "x"u8.ToArray()));
        Assert.DoesNotContain(key, await trees.ListAsync());
        await trees.Trees(1).DeleteAsync(key);
        Assert.Empty(await trees.Open(2, key, "b@n", exclusive: true).ListAsync(Root, "/"));
    }

    private static string NewKey([CallerMemberName] string test = "") => $"test/{test}";

    // Whether a name is in the store: read past the holder's back, which is not fenced by it.
    private async Task<bool> IsStoredAsync(string key, string name)
    {
        await using var store = new MemoryFileStore(trees.Cluster.Files);
        return await store.ExistsAsync(key, CancellationToken.None) && trees.Cluster.Files.Peek(key).Names.Any(stored => stored.Name == name);
    }
}
