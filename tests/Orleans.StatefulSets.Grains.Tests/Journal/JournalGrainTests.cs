using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Tests.Journal;

/// <summary>The journal as a grain: what is only true with its queue, its parked reads and its going when it is fenced.</summary>
public sealed class JournalGrainTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await TestCluster.StartAsync(1);

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task Commits_are_answered_numbered_and_read_in_one_order()
    {
        var journal = Grain("order");
        var writers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => journal.Commit(Samples.Entry($"m-{i}", 0, i + 1))));

        var slice = await journal.Read(0, 0, int.MaxValue);

        Assert.Equal(Enumerable.Range(1, 200).Select(revision => (long)revision), writers.Select(answer => answer.Committed!.ResourceVersion).Order());
        Assert.Equal(Enumerable.Range(1, 200).Select(revision => (long)revision), slice.Revisions.Select(revision => revision.Object.ResourceVersion));
        Assert.Equal(200, await journal.ConfirmHead());
    }

    [Fact]
    public async Task Of_many_that_expect_one_version_one_wins_and_a_retry_is_told_that_it_landed()
    {
        var journal = Grain("race");
        await journal.Commit(Samples.Entry("a", 0, 1));

        var answers = await Task.WhenAll(Enumerable.Range(2, 50).Select(commit => journal.Commit(Samples.Entry("a", 1, commit))));

        var winner = Array.FindIndex(answers, answer => answer.Committed is not null);
        Assert.Single(answers, answer => answer.Committed is not null);
        Assert.Equal(2, (await journal.Commit(Samples.Entry("a", 1, winner + 2))).Committed!.ResourceVersion);
        Assert.Equal(2, await journal.ConfirmHead());
        Assert.Equal("uid-a", await journal.UidOf(Samples.ConfigMapKey("a")));
    }

    [Fact]
    public async Task A_reader_that_waits_is_answered_by_the_next_commit()
    {
        var journal = Grain("wait");
        await journal.Commit(Samples.Entry("a", 0, 1));
        var waiting = journal.Read(0, 1, int.MaxValue);

        await journal.Commit(Samples.Entry("b", 0, 2));

        Assert.Equal([2], (await waiting.WaitAsync(Patience)).Revisions.Select(revision => revision.Object.ResourceVersion));
        var empty = await journal.Read(0, 2, int.MaxValue).WaitAsync(Patience);
        Assert.Equal((0, 2, false), (empty.Revisions.Length, empty.Head, empty.Gap));
    }

    [Fact]
    public async Task A_fenced_journal_says_no_goes_and_comes_back_as_the_new_holder()
    {
        var journal = Grain("fence");
        await journal.Commit(Samples.Entry("a", 0, 1));
        await Assert.ThrowsAsync<OrleansException>(async () =>
        {
            await new MemoryJournalStore(cluster.Journals.State("fence")).AcquireAsync(CancellationToken.None);
            await journal.ConfirmHead();
        });

        CommitResult answer;
        do
        {
            answer = await journal.Commit(Samples.Entry("a", 1, 2));
        }
        while (answer.Unavailable is not null);

        Assert.Equal(2, answer.Committed!.ResourceVersion);
        Assert.Equal(3, (await journal.Read(0, 1, int.MaxValue)).Epoch);
    }

    [Fact]
    public async Task Whoever_writes_while_the_journal_is_fenced_is_answered_by_the_new_holder()
    {
        await cluster.CreateAsync(Samples.ConfigMapModel("before"));
        await new MemoryJournalStore(cluster.Journals.State(Journals.Objects)).AcquireAsync(CancellationToken.None);

        var answer = await cluster.CreateAsync(Samples.ConfigMapModel("after"));

        Assert.NotNull(answer.Object);
        await cluster.UntilAsync("the second one", replica => replica.Find(Samples.ConfigMapKey("after")) is not null);
    }

    [Fact]
    public async Task The_change_log_is_trimmed_again_and_again_by_its_revisions()
    {
        cluster.Service<IOptions<JournalOptions>>(0).Value.LogRevisions = 10;

        await RewriteAsync(Grain("rows"), times: 200);

        Assert.InRange((await LoggedAsync("rows")).Count, 10, 21);
    }

    [Fact]
    public async Task The_change_log_is_trimmed_again_and_again_by_its_bytes()
    {
        const int most = 5_000;
        var options = cluster.Service<IOptions<JournalOptions>>(0).Value;
        (options.LogBytes, options.MaxBatch) = (most, 5);

        await RewriteAsync(Grain("bytes"), times: 200);

        Assert.InRange((await LoggedAsync("bytes")).Sum(record => record.Payload.Length), most / 4, most);
    }

    [Fact]
    public async Task A_log_that_a_holder_before_never_trimmed_is_trimmed_by_the_next()
    {
        cluster.Service<IOptions<JournalOptions>>(0).Value.LogRevisions = 10;
        var before = new JournalSequencer("left", new MemoryJournalStore(cluster.Journals.State("left")), new JournalOptions());
        await before.OpenAsync(CancellationToken.None);
        for (var commit = 1; commit <= 200; commit++)
        {
            await before.CommitAsync([Samples.Entry("a", commit - 1, commit)]);
        }

        await Grain("left").Commit(Samples.Entry("b", 0, 1000));

        Assert.InRange((await LoggedAsync("left")).Count, 10, 12);
    }

    [Fact]
    public async Task A_log_that_a_holder_before_did_trim_is_left_till_it_is_long_again()
    {
        cluster.Service<IOptions<JournalOptions>>(0).Value.LogRevisions = 100;
        var store = new MemoryJournalStore(cluster.Journals.State("kept"));
        var before = new JournalSequencer("kept", store, new JournalOptions());
        await before.OpenAsync(CancellationToken.None);
        for (var commit = 1; commit <= 300; commit++)
        {
            await before.CommitAsync([Samples.Entry("a", commit - 1, commit)]);
        }

        await store.TrimAsync(150, int.MaxValue, CancellationToken.None);
        await Grain("kept").Commit(Samples.Entry("b", 0, 1000));

        Assert.Equal(151, (await LoggedAsync("kept")).Count);
    }

    private static async Task RewriteAsync(IJournalGrain journal, int times)
    {
        for (var commit = 1; commit <= times; commit++)
        {
            Assert.NotNull((await journal.Commit(Samples.Entry("a", commit - 1, commit))).Committed);
        }
    }

    /// <summary>What the store still holds of the log, wherever that begins.</summary>
    private async Task<IReadOnlyList<JournalRecord>> LoggedAsync(string name)
    {
        var store = new MemoryJournalStore(cluster.Journals.State(name));
        var head = (await store.ReadHeadAsync(CancellationToken.None)).Revision;
        for (var after = 0L; after <= head; after++)
        {
            if (await store.ReadChangesAsync(after, int.MaxValue, CancellationToken.None) is { } logged)
            {
                return logged;
            }
        }

        return [];
    }

    private IJournalGrain Grain(string name) => cluster.Client.GetGrain<IJournalGrain>(name);
}
