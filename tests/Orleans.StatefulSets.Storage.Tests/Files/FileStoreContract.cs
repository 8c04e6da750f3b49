namespace Orleans.StatefulSets.Storage.Tests.Files;

/// <summary>What every file store promises; each store runs the whole suite.</summary>
public abstract class FileStoreContract : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<IFileStore> opened = [];

    /// <summary>Another store on the same files, as another process would open it.</summary>
    protected abstract IFileStore OpenStore(long maxBytes);

    protected virtual void Clean()
    {
    }

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var store in opened)
        {
            await store.DisposeAsync();
        }

        Clean();
    }

    [SkippableFact]
    public async Task A_tree_is_made_by_who_may_make_it_and_each_holder_has_an_epoch_of_its_own()
    {
        var store = Open();
        Assert.Null(await store.AcquireAsync("volume/a", create: false, None));
        var first = await HoldAsync(store);
        Assert.Equal(1, first.Epoch);
        Assert.Equal(first with { Epoch = 2 }, await Open().AcquireAsync("volume/a", create: false, None));
        Assert.Equal(first with { Epoch = 3 }, await store.AcquireAsync("volume/a", create: true, None));
        Assert.NotEqual(first.Tree, (await HoldAsync(store, "volume/b")).Tree);
    }

    [SkippableFact]
    public async Task A_new_tree_is_empty()
    {
        var store = Open();
        var tree = await store.LoadAsync(await HoldAsync(store), None);
        Assert.Equal((TreeHeader.New, 0), (tree!.Header, tree.WrittenBy));
        Assert.Empty(tree.Attachments);
        Assert.Empty(tree.Inodes);
        Assert.Empty(tree.Names);
        Assert.Empty(tree.Blocks);
    }

    [SkippableFact]
    public async Task A_flush_keeps_every_field()
    {
        var store = Open();
        var hold = await HoldAsync(store);
        var header = new TreeHeader(Sequence: 7, Next: 9, Capacity: 1 << 30, Bytes: 4096, AttachEpoch: 3);
        var link = Trees.File(3) with { Kind = 2, Target = "caf\u00e9/../x" };
        var attachment = new StoredAttachment("pod@node-1", 3, Exclusive: true, "S127.0.0.1:1");
        Assert.Equal(FlushOutcome.Written, await store.FlushAsync(
            hold,
            new TreeFlush
            {
                Header = header,
                Attachments = [attachment],
                Inodes = [Trees.File(2, size: 1L << 40), link],
                Names = [new StoredName(1, "a file", 2), new StoredName(1, "\u00ff", 3)],
                Blocks = [Trees.Block(2, 1L << 24, length: 65_536, with: 200), Trees.Block(2, 0, length: 0)],
            },
            None));

        var tree = await store.LoadAsync(hold, None);
        Assert.Equal((header, hold.Epoch), (tree!.Header, tree.WrittenBy));
        Assert.Equal(attachment, Assert.Single(tree.Attachments));
        Assert.Equal([Trees.File(2, size: 1L << 40), link], tree.Inodes.OrderBy(inode => inode.Number));
        Assert.Equal([new StoredName(1, "a file", 2), new StoredName(1, "\u00ff", 3)], tree.Names.OrderBy(name => name.Inode));
        Assert.Equal([(0, 1, 0), (1L << 24, 200, 0)], tree.Blocks.Select(block => (block.Index, block.Mask, block.Bytes.Length)).Order());
        var blocks = await store.ReadBlocksAsync(hold, 2, [1L << 24, 5, 0], None);
        Assert.Equal([(0, 1, 0), (1L << 24, 200, 65_536)], blocks!.Select(block => (block.Index, block.Mask, block.Bytes.Length)));
        Assert.All(blocks![1].Bytes.ToArray(), value => Assert.Equal(200, value));
    }

    [SkippableFact]
    public async Task A_flush_says_how_things_are_and_may_be_written_twice()
    {
        var store = Open();
        var hold = await HoldAsync(store);
        await FillAsync(store, hold);
        var next = new TreeFlush
        {
            Header = Trees.Header(2),
            Attachments = [new StoredAttachment("b@n", 5, Exclusive: false, "y")],
            GoneHolders = ["a@n"],
            Inodes = [Trees.File(2, size: 20), Trees.File(5)],
            GoneInodes = [3],
            Names = [new StoredName(1, "two", 5)],
            GoneNames = [(1, "three")],
            Blocks = [Trees.Block(2, 0, with: 9), Trees.Block(5, 0)],
            GoneBlocks = [(2, 1)],
        };
        Assert.Equal(FlushOutcome.Written, await store.FlushAsync(hold, next, None));
        var once = await Trees.DescribeAsync(store, hold);
        Assert.Equal(FlushOutcome.Written, await store.FlushAsync(hold, next, None));
        Assert.Equal(once, await Trees.DescribeAsync(store, hold));

        var tree = await store.LoadAsync(hold, None);
        Assert.Equal(["b@n"], tree!.Attachments.Select(attachment => attachment.Holder));
        Assert.Equal([(2, 20), (4, 10), (5, 10)], tree.Inodes.Select(inode => (inode.Number, inode.Size)).Order());
        Assert.Equal([("four", 4), ("two", 5)], tree.Names.Select(name => (name.Name, name.Inode)).Order());
        Assert.Equal([(2, 0), (4, 0), (5, 0)], tree.Blocks.Select(block => (block.Inode, block.Index)).Order());
    }

    [SkippableFact]
    public async Task A_holder_whose_tree_was_taken_over_is_fenced_and_writes_and_reads_nothing()
    {
        var (first, second) = (Open(), Open());
        var held = await HoldAsync(first);
        await FillAsync(first, held);
        var taken = await HoldAsync(second);
        var before = await Trees.DescribeAsync(second, taken);

        Assert.Equal(FlushOutcome.Fenced, await first.FlushAsync(held, new TreeFlush { Header = Trees.Header(9), Inodes = [Trees.File(9)], GoneInodes = [2] }, None));
        Assert.Null(await first.LoadAsync(held, None));
        Assert.Null(await first.ReadBlocksAsync(held, 2, [0], None));
        Assert.Equal(before, await Trees.DescribeAsync(second, taken));
        Assert.Equal(FlushOutcome.Written, await second.FlushAsync(taken, new TreeFlush { Header = Trees.Header(9) }, None));
    }

    [SkippableFact]
    public async Task Who_wrote_last_is_known_to_later_holders()
    {
        var store = Open();
        await FillAsync(store, await HoldAsync(store));
        await HoldAsync(store);
        var third = await HoldAsync(store);
        Assert.Equal((1, 1), ((await store.LoadAsync(third, None))!.WrittenBy, (await store.LoadAsync(third, None))!.Header.Sequence));
    }

    [SkippableFact]
    public async Task A_deleted_tree_is_gone_and_one_made_under_its_name_is_another()
    {
        var store = Open();
        var held = await HoldAsync(store);
        await FillAsync(store, held);
        await FillAsync(store, await HoldAsync(store, "volume/other"));
        Assert.True(await store.DeleteAsync("volume/a", None));
        Assert.False(await store.DeleteAsync("volume/a", None));

        Assert.Equal(["volume/other"], await store.ListAsync("", 10, None));
        Assert.Equal(FlushOutcome.Fenced, await store.FlushAsync(held, new TreeFlush { Header = Trees.Header(2) }, None));
        var again = await HoldAsync(store);
        Assert.Equal(1, again.Epoch);
        Assert.Equal(FlushOutcome.Fenced, await store.FlushAsync(held, new TreeFlush { Header = Trees.Header(2) }, None));
        Assert.Empty((await store.LoadAsync(again, None))!.Inodes);
        Assert.Equal(3, (await store.LoadAsync(await HoldAsync(store, "volume/other"), None))!.Inodes.Count);
    }

    [SkippableFact]
    public async Task A_deletion_of_many_blocks_goes_in_steps_and_leaves_none()
    {
        var store = Open();
        var hold = await HoldAsync(store);
        await store.FlushAsync(
            hold, new TreeFlush { Header = Trees.Header(1), Inodes = [Trees.File(2)], Blocks = [.. Enumerable.Range(0, 1200).Select(index => Trees.Block(2, index))] }, None);
        Assert.Equal(1200, (await store.LoadAsync(hold, None))!.Blocks.Count);
        Assert.True(await store.DeleteAsync("volume/a", None));
        Assert.Equal(0, await CountRowsAsync());
    }

    [SkippableFact]
    public async Task Trees_are_listed_by_name_in_portions()
    {
        var store = Open();
        foreach (var name in (string[])["volume/b", "node/n-1", "volume/a", "Volume", "emptydir/u/v"])
        {
            await HoldAsync(store, name);
        }

        Assert.Equal(["Volume", "emptydir/u/v", "node/n-1"], await store.ListAsync("", 3, None));
        Assert.Equal(["volume/a", "volume/b"], await store.ListAsync("node/n-1", 3, None));
        Assert.Empty(await store.ListAsync("volume/b", 3, None));
    }

    [SkippableFact]
    public async Task All_trees_together_may_take_so_much_and_room_that_is_made_can_be_taken()
    {
        var store = Open(maxBytes: 1000);
        var (one, other) = (await HoldAsync(store), await HoldAsync(store, "volume/b"));
        Assert.Equal(FlushOutcome.Written, await store.FlushAsync(one, new TreeFlush { Header = Trees.Header(1, bytes: 600) }, None));
        var failure = await Assert.ThrowsAsync<JournalStorageException>(
            () => store.FlushAsync(other, new TreeFlush { Header = Trees.Header(1, bytes: 500), Inodes = [Trees.File(2)] }, None));
        Assert.Equal((JournalStorageProblem.DiskFull, "all files together may take 1000 bytes, and no more are left"), (failure.Problem, failure.Message));
        Assert.Empty((await store.LoadAsync(other, None))!.Inodes);

        Assert.Equal(FlushOutcome.Written, await store.FlushAsync(one, new TreeFlush { Header = Trees.Header(2, bytes: 500) }, None));
        Assert.Equal(FlushOutcome.Written, await store.FlushAsync(other, new TreeFlush { Header = Trees.Header(1, bytes: 500) }, None));
        await Assert.ThrowsAsync<JournalStorageException>(() => store.FlushAsync(other, new TreeFlush { Header = Trees.Header(2, bytes: 501) }, None));
    }

    [SkippableFact]
    public async Task A_deleted_tree_gives_its_room_back()
    {
        var store = Open(maxBytes: 1000);
        await store.FlushAsync(await HoldAsync(store), new TreeFlush { Header = Trees.Header(1, bytes: 900) }, None);
        await store.DeleteAsync("volume/a", None);
        await UntilAsync(async () =>
        {
            try
            {
                return await store.FlushAsync(await HoldAsync(store, "volume/b"), new TreeFlush { Header = Trees.Header(1, bytes: 900) }, None) == FlushOutcome.Written;
            }
            catch (JournalStorageException full) when (full.Problem == JournalStorageProblem.DiskFull)
            {
                return false;
            }
        });
    }

    [SkippableFact]
    public async Task After_a_close_everything_is_there_again()
    {
        var store = Open();
        var hold = await HoldAsync(store);
        await FillAsync(store, hold);
        var before = await Trees.DescribeAsync(store, hold);
        await store.DisposeAsync();
        var again = Open();
        Assert.Equal(before, await Trees.DescribeAsync(again, await HoldAsync(again)));
    }

    [SkippableFact]
    public async Task A_closed_store_says_so()
    {
        var store = Open();
        var hold = await HoldAsync(store);
        await store.DisposeAsync();
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => store.LoadAsync(hold, None));
        Assert.Equal((JournalStorageProblem.Unavailable, "the file store is closed"), (failure.Problem, failure.Message));
    }

    [SkippableFact]
    public async Task A_cancelled_call_does_nothing()
    {
        var store = Open();
        var hold = await HoldAsync(store);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.FlushAsync(hold, new TreeFlush { Header = Trees.Header(1) }, new CancellationToken(canceled: true)));
        Assert.Equal(TreeHeader.New, (await store.LoadAsync(hold, None))!.Header);
    }

    [SkippableFact]
    public async Task Of_two_holders_that_flush_at_once_only_the_later_one_writes()
    {
        var (first, second) = (Open(), Open());
        for (var round = 0; round < 10; round++)
        {
            var early = await HoldAsync(first);
            var late = await HoldAsync(second);
            var outcomes = await Task.WhenAll(
                first.FlushAsync(early, new TreeFlush { Header = Trees.Header(1), Inodes = [Trees.File(2, size: 1)] }, None),
                second.FlushAsync(late, new TreeFlush { Header = Trees.Header(2), Inodes = [Trees.File(2, size: 2)] }, None));
            Assert.Equal([FlushOutcome.Fenced, FlushOutcome.Written], outcomes);
            Assert.Equal(2, (await second.LoadAsync(late, None))!.Inodes.Single().Size);
        }
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_history_agrees_with_a_plain_model(int seed)
    {
        var chance = new Random(seed);
        await using var model = new MemoryFileStore(new MemoryFileState());
        var (store, modelHold) = (Open(), await HoldAsync(model));
        var hold = await HoldAsync(store);
        for (var step = 1; step <= 60; step++)
        {
            if (chance.Next(10) == 0)
            {
                store = Open();
                (hold, modelHold) = (await HoldAsync(store), await HoldAsync(model));
            }

            var flush = RandomFlush.Next(chance, step);
            Assert.Equal(FlushOutcome.Written, await store.FlushAsync(hold, flush, None));
            await model.FlushAsync(modelHold, flush, None);
            Assert.Equal(await Trees.DescribeAsync(model, modelHold), await Trees.DescribeAsync(store, hold));
        }
    }

    /// <summary>Rows of all tables together; 0 where there are no tables.</summary>
    protected virtual Task<long> CountRowsAsync() => Task.FromResult(0L);

    private IFileStore Open(long maxBytes = 0)
    {
        var store = OpenStore(maxBytes);
        opened.Add(store);
        return store;
    }

    private static async Task<TreeHold> HoldAsync(IFileStore store, string tree = "volume/a") => (await store.AcquireAsync(tree, create: true, None))!.Value;

    private static Task FillAsync(IFileStore store, TreeHold hold) => store.FlushAsync(
        hold,
        new TreeFlush
        {
            Header = Trees.Header(1),
            Attachments = [new StoredAttachment("a@n", 1, Exclusive: true, "x")],
            Inodes = [Trees.File(2), Trees.File(3), Trees.File(4)],
            Names = [new StoredName(1, "two", 2), new StoredName(1, "three", 3), new StoredName(1, "four", 4)],
            Blocks = [Trees.Block(2, 0), Trees.Block(2, 1), Trees.Block(3, 0), Trees.Block(3, 1), Trees.Block(4, 0)],
        },
        None);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(10), "waited in vain");
            await tick.WaitForNextTickAsync();
        }
    }
}
