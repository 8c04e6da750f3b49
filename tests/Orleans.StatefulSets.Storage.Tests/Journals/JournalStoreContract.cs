namespace Orleans.StatefulSets.Storage.Tests.Journals;

/// <summary>What every journal store promises; each store runs the whole suite.</summary>
public abstract class JournalStoreContract : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<IJournalStore> opened = [];

    /// <summary>Another store on the same journal, as another process that takes over would open it.</summary>
    protected abstract IJournalStore OpenStore();

    protected virtual void Clean()
    {
    }

    private IJournalStore Open()
    {
        var store = OpenStore();
        opened.Add(store);
        return store;
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
    public async Task A_new_journal_is_at_revision_zero_and_its_first_holder_in_epoch_one()
    {
        var store = Open();
        Assert.Equal(new JournalHead(0, 0), await store.ReadHeadAsync(None));
        Assert.Equal(new JournalHead(1, 0), await store.AcquireAsync(None));
        Assert.Equal(new JournalHead(1, 0), await store.ReadHeadAsync(None));
        Assert.Empty(await Live(store));
        Assert.Equal([], await store.ReadChangesAsync(0, 1000, None));
    }

    [SkippableFact]
    public async Task A_batch_moves_the_head_and_keeps_every_field()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        var record = Records.Put(3, "pods/default/web-0", 2500);
        Assert.Equal(AppendOutcome.Appended, await store.AppendAsync(head, 5, [record], None));

        Assert.Equal(new JournalHead(1, 5), await store.ReadHeadAsync(None));
        var read = Assert.Single(await Live(store));
        Assert.Equal(record with { Payload = default }, read with { Payload = default });
        Assert.Equal(record.Payload.ToArray(), read.Payload.ToArray());
    }

    [SkippableFact]
    public async Task A_holder_whose_journal_was_taken_over_is_fenced_and_writes_nothing()
    {
        var first = Open();
        var held = await first.AcquireAsync(None);
        var second = Open();
        var taken = await second.AcquireAsync(None);
        Assert.Equal(2, taken.Epoch);

        Assert.Equal(AppendOutcome.Fenced, await first.AppendAsync(held, 1, [Records.Put(1, "a")], None));
        Assert.Equal(taken, await first.ReadHeadAsync(None));
        Assert.Empty(await Live(second));
        Assert.Equal(AppendOutcome.Appended, await second.AppendAsync(taken, 1, [Records.Put(1, "b")], None));
        Assert.Equal(["b"], (await Live(first)).Select(record => record.Key));
    }

    [SkippableFact]
    public async Task An_expected_head_that_is_not_the_stored_one_is_fenced()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 2, [Records.Put(2, "a")], None);
        Assert.Equal(AppendOutcome.Fenced, await store.AppendAsync(head, 3, [Records.Put(3, "a")], None));
        Assert.Equal(AppendOutcome.Fenced, await store.AppendAsync(new JournalHead(1, 3), 4, [Records.Put(4, "a")], None));
        Assert.Equal(2, (await store.ReadHeadAsync(None)).Revision);
    }

    [SkippableFact]
    public async Task Records_out_of_order_or_beyond_the_new_head_are_refused()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendAsync(head, 5, [Records.Put(2, "a"), Records.Put(1, "b")], None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendAsync(head, 1, [Records.Put(2, "a")], None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendAsync(head, 1, [Records.Put(0, "a")], None));
        Assert.Equal(head, await store.ReadHeadAsync(None));
    }

    [SkippableFact]
    public async Task The_live_view_holds_the_newest_revision_of_each_key_and_no_deleted_one()
    {
        var store = await Filled();
        Assert.Equal(["a@3", "c@6"], (await Live(store)).Select(Records.Name).Order());
        Assert.All(await Live(store, keysOnly: true), record => Assert.True(record.Payload.IsEmpty));
        Assert.Equal(["a@3", "c@6"], (await Live(store, keysOnly: true)).Select(Records.Name).Order());
    }

    [SkippableFact]
    public async Task The_live_view_is_of_one_moment_whatever_is_appended_meanwhile()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 3000, [.. Enumerable.Range(1, 3000).Select(n => Records.Put(n, $"k{n}"))], None);
        var seen = new List<string>();
        await foreach (var record in store.ReadLiveAsync(keysOnly: false, None))
        {
            if (seen.Count == 0)
            {
                await store.AppendAsync(new JournalHead(1, 3000), 3002, [Records.Put(3001, "late"), Records.Delete(3002, "k1")], None);
            }

            seen.Add(record.Key);
        }

        Assert.Equal(3000, seen.Distinct().Count());
        Assert.Contains("k1", seen);
        Assert.DoesNotContain("late", seen);
    }

    [SkippableFact]
    public async Task Changes_come_in_the_order_of_the_commits_deletions_included()
    {
        var store = await Filled();
        Assert.Equal(["a@1", "b@2", "a@3", "-b@4", "c@6"], Names(await store.ReadChangesAsync(0, int.MaxValue, None)));
        Assert.Equal(["-b@4", "c@6"], Names(await store.ReadChangesAsync(3, int.MaxValue, None)));
        Assert.Equal([], Names(await store.ReadChangesAsync(6, int.MaxValue, None)));
    }

    [SkippableTheory]
    [InlineData(0, 1)]
    [InlineData(100, 1)]
    [InlineData(199, 1)]
    [InlineData(200, 2)]
    [InlineData(350, 3)]
    public async Task Changes_stop_at_so_many_bytes_but_give_at_least_one(int maxBytes, int expected)
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 5, [.. Enumerable.Range(1, 5).Select(n => Records.Put(n, $"k{n}", 100))], None);
        Assert.Equal(expected, (await store.ReadChangesAsync(0, maxBytes, None))!.Count);
    }

    [SkippableFact]
    public async Task Trimming_forgets_superseded_revisions_and_deletions_and_keeps_what_lives()
    {
        var store = await Filled();
        Assert.Equal(2, await store.TrimAsync(3, 100, None));
        Assert.Equal(["a@3", "c@6"], (await Live(store)).Select(Records.Name).Order());
        Assert.Null(await store.ReadChangesAsync(2, 1000, None));
        Assert.Equal(["-b@4", "c@6"], Names(await store.ReadChangesAsync(3, 1000, None)));
        Assert.Equal(1, await store.TrimAsync(6, 100, None));
        Assert.Equal(0, await store.TrimAsync(6, 100, None));
        Assert.Equal(["a@3", "c@6"], (await Live(store)).Select(Records.Name).Order());
    }

    [SkippableFact]
    public async Task Trimming_goes_in_steps_but_the_log_begins_at_the_new_place_at_once()
    {
        var store = await Filled();
        Assert.Equal(1, await store.TrimAsync(6, 1, None));
        Assert.Null(await store.ReadChangesAsync(5, 1000, None));
        Assert.Equal(1, await store.TrimAsync(6, 1, None));
        Assert.Equal(1, await store.TrimAsync(6, 1, None));
        Assert.Equal(0, await store.TrimAsync(6, 1, None));
    }

    [SkippableFact]
    public async Task Trimming_beyond_the_head_means_up_to_the_head()
    {
        var store = await Filled();
        await store.TrimAsync(1000, 100, None);
        Assert.Equal([], Names(await store.ReadChangesAsync(6, 1000, None)));
    }

    [SkippableFact]
    public async Task A_trim_after_a_takeover_forgets_what_was_superseded_before_and_since()
    {
        await Filled();
        var second = Open();
        var head = await second.AcquireAsync(None);
        await second.AppendAsync(head, 8, [Records.Put(7, "c"), Records.Put(8, "b")], None);
        Assert.Equal(4, await second.TrimAsync(8, 100, None));
        Assert.Equal(["a@3", "b@8", "c@7"], (await Live(second)).Select(Records.Name).Order());
        head = head with { Revision = 8 };
        await second.AppendAsync(head, 10, [Records.Delete(9, "a"), Records.Put(10, "a")], None);
        Assert.Equal(2, await second.TrimAsync(10, 100, None));
        Assert.Equal(["a@10", "b@8", "c@7"], (await Live(second)).Select(Records.Name).Order());
    }

    [SkippableFact]
    public async Task After_a_close_everything_is_there_again()
    {
        var store = await Filled();
        await store.TrimAsync(3, 100, None);
        await store.DisposeAsync();
        var again = Open();
        Assert.Equal(new JournalHead(2, 6), await again.AcquireAsync(None));
        Assert.Equal(["a@3", "c@6"], (await Live(again)).Select(Records.Name).Order());
        Assert.Null(await again.ReadChangesAsync(2, 1000, None));
        Assert.Equal(["-b@4", "c@6"], Names(await again.ReadChangesAsync(3, 1000, None)));
    }

    [SkippableFact]
    public async Task A_closed_store_says_so()
    {
        var store = await Filled();
        await store.DisposeAsync();
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => store.ReadHeadAsync(None));
        Assert.Equal("the journal is closed", failure.Message);
        Assert.Equal(JournalStorageProblem.Unavailable, failure.Problem);
    }

    [SkippableFact]
    public async Task A_payload_of_one_and_a_half_mebibytes_comes_back_whole()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        var record = Records.Put(1, "configmaps/default/huge", 3 << 19);
        await store.AppendAsync(head, 1, [record], None);
        var read = Assert.Single(await Live(store));
        Assert.True(record.Payload.Span.SequenceEqual(read.Payload.Span));
    }

    [SkippableFact]
    public async Task A_cancelled_call_does_nothing()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.AppendAsync(head, 1, [Records.Put(1, "a")], cancelled));
        Assert.Equal(head, await store.ReadHeadAsync(None));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_history_with_takeovers_and_trims_agrees_with_a_plain_model(int seed)
    {
        var model = new JournalModel();
        var chance = new Random(seed);
        var store = Open();
        var head = await store.AcquireAsync(None);
        for (var step = 0; step < 60; step++)
        {
            if (chance.Next(10) == 0)
            {
                store = Open();
                head = await store.AcquireAsync(None);
            }

            var batch = model.NextBatch(chance, head.Revision);
            await store.AppendAsync(head, batch[^1].Revision, batch, None);
            head = head with { Revision = batch[^1].Revision };
            if (chance.Next(4) == 0)
            {
                var upTo = chance.NextInt64(head.Revision + 1);
                Assert.Equal(model.Trim(upTo), await store.TrimAsync(upTo, 10_000, None));
            }

            Assert.Equal(model.Live(), (await Live(store, keysOnly: true)).Select(Records.Name).Order(StringComparer.Ordinal));
            Assert.Equal(model.ChangesAfter(model.Compacted), Names(await store.ReadChangesAsync(model.Compacted, int.MaxValue, None)));
        }
    }

    private async Task<IJournalStore> Filled()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 4, [Records.Put(1, "a"), Records.Put(2, "b"), Records.Put(3, "a"), Records.Delete(4, "b")], None);
        await store.AppendAsync(head with { Revision = 4 }, 6, [Records.Put(6, "c")], None);
        return store;
    }

    private static IEnumerable<string> Names(IReadOnlyList<JournalRecord>? records) => records!.Select(Records.Name);

    private static async Task<List<JournalRecord>> Live(IJournalStore store, bool keysOnly = false)
    {
        var live = new List<JournalRecord>();
        await foreach (var record in store.ReadLiveAsync(keysOnly, None))
        {
            live.Add(record);
        }

        return live;
    }
}
