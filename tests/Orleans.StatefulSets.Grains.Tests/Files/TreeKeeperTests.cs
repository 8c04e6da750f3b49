using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;
using static Orleans.StatefulSets.Grains.Tests.Files.KeptFiles;

namespace Orleans.StatefulSets.Grains.Tests.Files;

public sealed class TreeKeeperTests
{
    private readonly FaultyFileStore store = new(new MemoryFileState());

    [Fact]
    public Task What_was_flushed_is_there_after_a_takeover_and_what_was_not_is_not() => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store);
        await files.WriteAsync("/flushed", "x");
        await files.FlushAsync();
        await files.WriteAsync("/lost", "y");
        await files.TakeOverAsync();
        Assert.Equal("x", await files.ReadAsync("/flushed"));
        await FailsAsync(Errno.ENOENT, async () => await files.ReadAsync("/lost"));
    });

    [Fact]
    public Task Flushes_that_come_while_one_is_under_way_share_the_next_one() => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store);
        var gate = new TaskCompletionSource();
        store.BeforeFlush = _ => gate.Task;
        await files.WriteAsync("/0", "x");
        var flushes = new List<Task<Errno?>> { files.Keeper.FlushAsync() };
        await Task.Yield();
        for (var number = 1; number <= 50; number++)
        {
            await files.WriteAsync($"/{number}", "x");
            flushes.Add(files.Keeper.FlushAsync());
        }

        Assert.DoesNotContain(flushes, flush => flush.IsCompleted);
        gate.SetResult();
        Assert.All(await Task.WhenAll(flushes), Assert.Null);
        Assert.InRange(store.Flushes, 1, 2);
        await files.TakeOverAsync();
        Assert.Equal(51, (await files.Files.ListAsync(Root, "/")).Count);
    });

    [Fact]
    public Task A_flush_of_nothing_does_not_reach_the_store() => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store);
        await files.FlushAsync();
        var before = store.Flushes;
        Assert.Null(await files.Keeper.FlushAsync());
        Assert.Equal(before, store.Flushes);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_flush_that_failed_loses_nothing_and_writes_are_refused_until_one_succeeds(bool written) => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store);
        await files.WriteAsync("/kept", "old");
        await files.FlushAsync();
        Break(written, JournalStorageProblem.Unavailable);
        await files.WriteAsync("/kept", "new");
        await FailsAsync(Errno.EIO, files.FlushAsync);
        await FailsAsync(Errno.EIO, () => files.WriteAsync("/more", "x"));
        Assert.Equal("new", await files.ReadAsync("/kept"));

        Mend();
        await files.FlushAsync();
        await files.WriteAsync("/more", "x");
        await files.FlushAsync();
        await files.TakeOverAsync();
        Assert.Equal(("new", "x"), (await files.ReadAsync("/kept"), await files.ReadAsync("/more")));
    });

    [Fact]
    public Task A_full_store_is_ENOSPC_until_files_are_removed() => Turns.RunAsync(async () =>
    {
        var bounded = new MemoryFileStore(new MemoryFileState(maxBytes: 40_000));
        var files = await OpenAsync(bounded);
        await files.WriteAsync("/small", "x");
        await files.FlushAsync();
        await files.WriteAsync("/big", new string('x', 50_000));
        await FailsAsync(Errno.ENOSPC, files.FlushAsync);
        await FailsAsync(Errno.ENOSPC, () => files.WriteAsync("/more", "y"));
        await files.Files.RemoveFileAsync(Root, "/big");
        await files.FlushAsync();
        await files.WriteAsync("/more", "y");
        await files.FlushAsync();
        await files.TakeOverAsync();
        Assert.Equal(["more", "small"], (await files.Files.ListAsync(Root, "/")).Select(entry => entry.Name));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_holder_that_ends_in_the_middle_of_a_flush_leaves_the_old_state_or_the_new_one(bool written) => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store);
        await files.WriteAsync("/a", "one");
        await files.FlushAsync();
        var before = await DescribeAsync(files.Files);
        await files.WriteAsync("/a", new string('2', 200_000));
        await files.Files.RenameAsync(Root, "/a", "/b");
        await files.WriteAsync("/c", "three");
        var after = await DescribeAsync(files.Files);
        Break(written, JournalStorageProblem.Unavailable);
        await FailsAsync(Errno.EIO, files.FlushAsync);
        Mend();
        await files.TakeOverAsync();
        Assert.Equal(written ? after : before, await DescribeAsync(files.Files));
    });

    [Fact]
    public Task Of_two_holders_the_later_one_writes_and_the_earlier_one_says_so() => Turns.RunAsync(async () =>
    {
        var first = await OpenAsync(store);
        await first.WriteAsync("/f", "first");
        var second = await OpenAsync(store);
        await FailsAsync(Errno.EIO, first.FlushAsync);
        Assert.True(first.Keeper.IsFenced);
        await second.WriteAsync("/f", "second");
        await second.FlushAsync();
        await FailsAsync(Errno.EIO, first.FlushAsync);
        await second.TakeOverAsync();
        Assert.Equal("second", await second.ReadAsync("/f"));
    });

    [Fact]
    public Task An_earlier_holder_does_not_mix_contents_of_the_later_one_into_its_own() => Turns.RunAsync(async () =>
    {
        var first = await OpenAsync(store);
        await first.WriteAsync("/f", "first");
        await first.FlushAsync();
        first.Keeper.Tree.Shrink(0, spared: 0);
        var second = await OpenAsync(store);
        await second.WriteAsync("/f", "second");
        await second.FlushAsync();
        var node = await first.Files.StatAsync(Root, "/f");
        Assert.True(await first.Keeper.MakeReadyAsync(TreeNeeds.Reading(node.Number, 0, 10)));
        Assert.True(first.Keeper.IsFenced);
    });

    [Fact]
    public Task What_an_earlier_holder_acknowledged_is_known_to_be_stored_or_lost() => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store);
        await files.WriteAsync("/stored", "x");
        var stored = files.Keeper.Position;
        await files.FlushAsync();
        await files.WriteAsync("/lost", "x");
        var lost = files.Keeper.Position;
        await files.TakeOverAsync();
        Assert.Equal((true, false), (files.Keeper.IsStored(stored), files.Keeper.IsStored(lost)));
        await files.TakeOverAsync();
        Assert.Equal((true, false), (files.Keeper.IsStored(stored), files.Keeper.IsStored(lost)));
    });

    [Fact]
    public Task The_number_of_a_file_that_was_lost_never_stands_for_another_one() => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store);
        await files.WriteAsync("/first", "x");
        await files.FlushAsync();
        await files.WriteAsync("/lost", "x");
        var lost = (await files.Files.StatAsync(Root, "/lost")).Number;
        await files.TakeOverAsync();
        for (var made = 0; made < 20; made++)
        {
            await files.WriteAsync($"/{made}", "x");
            Assert.NotEqual(lost, (await files.Files.StatAsync(Root, $"/{made}")).Number);
        }

        await FailsAsync(Errno.ESTALE, async () => await files.Tree.GetAsync(lost));
    });

    [Fact]
    public Task An_open_file_without_a_name_lives_while_it_is_open_and_not_beyond_its_holder() => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store);
        await files.WriteAsync("/f", "x");
        var open = await files.Files.OpenAsync(Root, "/f", OpenMode.Read | OpenMode.Write);
        var number = open.File!.Value.Node;
        await files.Files.RemoveFileAsync(Root, "/f");
        await files.FlushAsync();
        files.Keeper.Tree.Shrink(0, spared: 0);
        Assert.Equal(1, (await files.Tree.ReadAsync(number, 0, 10)).Length);
        Assert.True(files.Keeper.Tree.HasNameless);
        await files.TakeOverAsync();
        await FailsAsync(Errno.ESTALE, async () => await files.Tree.GetAsync(number));
        await files.FlushAsync();
        Assert.Equal(0, (await files.Tree.UsageAsync()).Used);
        var hold = await store.AcquireAsync("volume/uid", create: false, CancellationToken.None);
        var stored = await store.LoadAsync(hold!.Value, CancellationToken.None);
        Assert.Equal([1], stored!.Inodes.Select(inode => inode.Number));
        Assert.Empty(stored.Blocks);
    });

    [Fact]
    public Task Contents_beyond_a_bound_leave_memory_and_come_back_when_they_are_read() => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store, capacity: 1 << 30, new FileTreeOptions { CachedBytes = 1 << 20, DirtyBytes = 1 << 20 });
        var bytes = new byte[10 << 20];
        new Random(1).NextBytes(bytes);
        await files.Files.WriteAllAsync(Root, "/big", bytes);
        await files.FlushAsync();
        Assert.InRange(files.Keeper.Tree.BytesPresent, 0, 1 << 20);
        var read = await files.Files.ReadAllAsync(Root, "/big", 1 << 30);
        Assert.True(bytes.AsSpan().SequenceEqual(read));
        Assert.InRange(files.Keeper.Tree.BytesPresent, 0, (1 << 20) + FilePiece.Bytes);
    });

    [Fact]
    public Task Where_the_trees_of_a_silo_hold_too_much_each_keeps_less_until_one_leaves() => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store, capacity: 1 << 30, new FileTreeOptions { CachedBytes = 8 << 20, SiloBytes = 16 << 20 });
        files.Memory.Add(16 << 20);
        await files.Files.WriteAllAsync(Root, "/big", new byte[10 << 20]);
        await files.FlushAsync();
        await files.Files.ReadAllAsync(Root, "/big", 1 << 30);
        Assert.InRange(files.Keeper.Tree.BytesPresent, 1, 1 << 20);
        files.Memory.Add(-(16 << 20));
        await files.Files.ReadAllAsync(Root, "/big", 1 << 30);
        Assert.InRange(files.Keeper.Tree.BytesPresent, 2 << 20, 8 << 20);
        files.Keeper.Close();
        files.Memory.Add(16 << 20);
        Assert.False(files.Memory.IsScarce, "the tree that left still counts");
    });

    [Fact]
    public Task Whoever_writes_faster_than_the_store_waits_for_it() => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store, capacity: 1 << 30, new FileTreeOptions { DirtyBytes = 1 << 20 });
        var gate = new TaskCompletionSource();
        store.BeforeFlush = _ => gate.Task;
        var writing = files.Files.WriteAllAsync(Root, "/big", new byte[20 << 20]).AsTask();
        Assert.False(writing.IsCompleted);
        Assert.InRange(files.Keeper.Tree.DirtyBytes, 0, 2 << 20);
        gate.SetResult();
        await writing;
        Assert.InRange(files.Keeper.Tree.DirtyBytes, 0, 2 << 20);
    });

    [Fact]
    public Task Contents_that_changed_while_they_were_read_are_not_replaced_by_the_old_ones() => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store);
        await files.WriteAsync("/f", "old");
        await files.FlushAsync();
        files.Keeper.Tree.Shrink(0, spared: 0);
        var node = (await files.Files.StatAsync(Root, "/f")).Number;
        var (reached, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var reads = 0;
        var old = await ReadStoredAsync(node);
        store.BeforeRead = () =>
        {
            reads++;
            reached.TrySetResult();
            return reads == 1 ? gate.Task : Task.CompletedTask;
        };
        var reading = files.Tree.ReadAsync(node, 0, 10).AsTask();
        await reached.Task;
        await files.Tree.WriteAsync(node, 0, "new"u8.ToArray());
        await files.FlushAsync();
        files.Keeper.Tree.Shrink(0, spared: 0);
        gate.SetResult();
        Assert.Equal("new"u8.ToArray(), (await reading).ToArray());
        Assert.Equal("old"u8.ToArray(), old);
    });

    [Fact]
    public Task A_store_that_lost_contents_is_an_error_and_no_file_of_zeros() => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store);
        await files.WriteAsync("/f", "x");
        await files.FlushAsync();
        var node = (await files.Files.StatAsync(Root, "/f")).Number;
        var hold = await store.AcquireAsync("volume/uid", create: false, CancellationToken.None);
        var header = (await store.LoadAsync(hold!.Value, CancellationToken.None))!.Header;
        await files.TakeOverAsync();
        await store.FlushAsync(hold.Value with { Epoch = hold.Value.Epoch + 1 }, new TreeFlush { Header = header, GoneBlocks = [(node, 0)] }, CancellationToken.None);
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => files.ReadAsync("/f"));
        Assert.Equal((JournalStorageProblem.Corrupt, $"the files of volume/uid are damaged: contents of inode {node} are missing"), (failure.Problem, failure.Message));
    });

    [Fact]
    public Task A_name_that_leads_nowhere_is_damage() => Turns.RunAsync(async () =>
    {
        var hold = (await store.AcquireAsync("volume/uid", create: true, CancellationToken.None))!.Value;
        await store.FlushAsync(hold, new TreeFlush { Header = new TreeHeader(1, 9, 1, 1, 0), Names = [new StoredName(1, "x", 7)] }, CancellationToken.None);
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => OpenAsync(store));
        Assert.Equal(JournalStorageProblem.Corrupt, failure.Problem);
    });

    [Fact]
    public Task Capacity_grows_stays_grown_and_never_shrinks() => Turns.RunAsync(async () =>
    {
        var files = await OpenAsync(store, capacity: 8192);
        await FailsAsync(Errno.ENOSPC, () => files.WriteAsync("/f", new string('x', 10_000)));
        files.Keeper.Grow(16_384);
        await files.WriteAsync("/f", new string('x', 10_000));
        await files.FlushAsync();
        await files.TakeOverAsync();
        Assert.Equal(16_384, (await files.Tree.UsageAsync()).Capacity);
    });

    private async Task<byte[]> ReadStoredAsync(long node)
    {
        // The first holder of a tree that was never taken over.
        var blocks = await store.ReadBlocksAsync(new TreeHold(1, 1), node, [0], CancellationToken.None);
        return blocks!.Single().Bytes.ToArray();
    }

    private void Break(bool written, JournalStorageProblem problem)
    {
        store.BeforeFlush = _ => written ? Task.CompletedTask : throw FaultyFileStore.Broken(problem);
        store.AfterFlush = _ => throw FaultyFileStore.Broken(problem);
    }

    private void Mend() => (store.BeforeFlush, store.AfterFlush) = (_ => Task.CompletedTask, _ => { });
}
