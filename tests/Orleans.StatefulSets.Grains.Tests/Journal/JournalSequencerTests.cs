using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Tests.Journal;

public sealed class JournalSequencerTests
{
    private readonly MemoryJournalState state = new();

    [Fact]
    public async Task A_name_is_given_once()
    {
        var journal = await OpenAsync();

        Assert.Equal(["1", "conflict 1 uid-a", "2"], await CommitAsync(journal, Samples.Entry("a", 0, 1), Samples.Entry("a", 0, 2), Samples.Entry("b", 0, 3)));
        Assert.Equal(["conflict 1 uid-a"], await CommitAsync(journal, Samples.Entry("a", 0, 4)));
    }

    [Fact]
    public async Task Of_several_that_expect_one_version_one_wins()
    {
        var journal = await OpenAsync();
        await CommitAsync(journal, Samples.Entry("a", 0, 1));

        Assert.Equal(["2", "conflict 2 uid-a", "conflict 2 uid-a"], await CommitAsync(journal, Samples.Entry("a", 1, 2), Samples.Entry("a", 1, 3), Samples.Entry("a", 1, 4, deleted: true)));
        Assert.Equal(["conflict 2 uid-a"], await CommitAsync(journal, Samples.Entry("a", 1, 5)));
    }

    [Fact]
    public async Task What_is_gone_has_no_version_and_its_name_is_free()
    {
        var journal = await OpenAsync();
        await CommitAsync(journal, Samples.Entry("a", 0, 1));

        Assert.Equal(["2", "conflict 0 ", "3"], await CommitAsync(journal, Samples.Entry("a", 1, 2, deleted: true), Samples.Entry("a", 1, 3), Samples.Entry("a", 0, 4)));
        Assert.Equal("uid-a", journal.UidOf(Samples.ConfigMapKey("a")));
        Assert.Equal("", journal.UidOf(Samples.ConfigMapKey("b")));
    }

    [Fact]
    public async Task Several_revisions_of_one_object_write_one_row_and_are_all_published()
    {
        var store = new FaultyJournalStore(state);
        List<string> rows = [];
        store.AfterAppend = (_, newHead, records) => rows.AddRange(records.Select(record => $"{record.Key}@{record.Revision} of {newHead}"));
        var journal = await OpenAsync(store);

        await CommitAsync(journal, Samples.Entry("a", 0, 1), Samples.Entry("b", 0, 2), Samples.Entry("a", 1, 3), Samples.Entry("a", 3, 4));

        Assert.Equal(["configmaps/default/b@2 of 4", "configmaps/default/a@4 of 4"], rows);
        Assert.Equal([1, 2, 3, 4], (await journal.ReadAsync(0, int.MaxValue)).Revisions.Select(revision => revision.Object.ResourceVersion));
    }

    [Fact]
    public async Task A_deletion_is_in_the_log_though_the_name_was_given_again_in_the_same_batch()
    {
        var journal = await OpenAsync();
        await CommitAsync(journal, Samples.Entry("a", 0, 1));
        await CommitAsync(journal, Samples.Entry("a", 1, 2, deleted: true), Samples.Entry("a", 0, 3));

        var logged = await (await OpenAsync()).ReadAsync(1, int.MaxValue);

        Assert.Equal([(2L, true), (3L, false)], logged.Revisions.Select(revision => (revision.Object.ResourceVersion, revision.Deleted)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_retry_whose_first_try_landed_is_told_so_whatever_happened_since(bool newHolder)
    {
        var journal = await OpenAsync();
        await CommitAsync(journal, Samples.Entry("a", 0, 1), Samples.Entry("b", 0, 2), Samples.Entry("c", 0, 3));
        await CommitAsync(journal, Samples.Entry("a", 1, 4, deleted: true), Samples.Entry("b", 2, 5), Samples.Entry("c", 3, 6, deleted: true));
        await CommitAsync(journal, Samples.Entry("c", 0, 7));
        if (newHolder)
        {
            journal = await OpenAsync();
        }

        Assert.Equal(
            ["1", "2", "4", "5", "6", "7"],
            await CommitAsync(
                journal, Samples.Entry("a", 0, 1), Samples.Entry("b", 0, 2), Samples.Entry("a", 1, 4, deleted: true), Samples.Entry("b", 2, 5),
                Samples.Entry("c", 3, 6, deleted: true), Samples.Entry("c", 0, 7)));
        Assert.Equal(7, journal.Head.Revision);
    }

    [Fact]
    public async Task A_refused_commit_that_comes_twice_does_not_land_when_the_name_is_free()
    {
        var journal = await OpenAsync();
        await CommitAsync(journal, Samples.Entry("a", 0, 1));
        Assert.Equal(["conflict 1 uid-a"], await CommitAsync(journal, Samples.Entry("a", 0, 2)));
        await CommitAsync(journal, Samples.Entry("a", 1, 3, deleted: true));

        Assert.Equal(["conflict 0 ", "3"], await CommitAsync(journal, Samples.Entry("a", 0, 2), Samples.Entry("a", 0, 4)));
    }

    [Fact]
    public async Task A_commit_that_comes_twice_in_one_batch_lands_once()
    {
        var journal = await OpenAsync();

        Assert.Equal(["1", "1", "2"], await CommitAsync(journal, Samples.Entry("a", 0, 1), Samples.Entry("a", 0, 1), Samples.Entry("b", 0, 2)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_decides_anew_under_the_same_name_is_told_what_landed_and_not_what_he_sends_now(bool newHolder)
    {
        var journal = await OpenAsync();
        await CommitAsync(journal, Samples.Entry("a", 0, 1));
        var first = Samples.Entry("a", 1, 2, value: "[x]");
        var anew = Samples.Entry("a", 2, 2, value: "[x, x]");

        var together = (await journal.CommitAsync([first, anew])).Answers;
        if (newHolder)
        {
            journal = await OpenAsync();
        }

        var later = (await journal.CommitAsync([anew])).Answers;

        Assert.All([.. together, .. later], answer => Assert.Equal((2, first.Payload), (answer.Committed!.ResourceVersion, answer.Committed.Payload)));
        Assert.Equal(["conflict 2 uid-a"], await CommitAsync(journal, Samples.Entry("a", 2, 2, deleted: true)));
        Assert.Equal(2, journal.Head.Revision);
    }

    [Fact]
    public async Task What_landed_for_one_object_is_never_carried_out_on_another_of_its_name()
    {
        var journal = await OpenAsync();
        await CommitAsync(journal, Samples.Entry("a", 0, 1));
        await CommitAsync(journal, Samples.Entry("a", 1, 2));
        await CommitAsync(journal, Samples.Entry("a", 2, 3, deleted: true));
        await CommitAsync(journal, Samples.Entry("a", 0, 4) with { Uid = "uid-next" });

        Assert.Equal(["2"], await CommitAsync(journal, Samples.Entry("a", 4, 2, deleted: true) with { Uid = "uid-next" }));
        Assert.Equal(("uid-next", 4), (journal.UidOf(Samples.ConfigMapKey("a")), journal.Head.Revision));
    }

    [Fact]
    public async Task What_could_not_be_written_is_acknowledged_to_nobody_and_can_be_tried_again()
    {
        var store = new FaultyJournalStore(state) { BeforeAppend = () => throw FaultyJournalStore.Broken() };
        var journal = await OpenAsync(store);

        // The twin and the loser were judged by what was not written either.
        var answers = await CommitAsync(journal, Samples.Entry("a", 0, 1), Samples.Entry("a", 0, 1), Samples.Entry("a", 0, 2));

        Assert.All(answers, answer => Assert.Equal("unavailable: no space is left", answer));
        Assert.Equal("", journal.UidOf(Samples.ConfigMapKey("a")));
        store.BeforeAppend = () => { };
        Assert.Equal(["1", "conflict 1 uid-a"], await CommitAsync(journal, Samples.Entry("a", 0, 1), Samples.Entry("a", 0, 2)));
    }

    [Fact]
    public async Task A_write_that_failed_after_it_landed_counts_as_landed()
    {
        var store = new FaultyJournalStore(state) { AfterAppend = (_, _, _) => throw FaultyJournalStore.Broken() };
        var journal = await OpenAsync(store);

        Assert.Equal(["1"], await CommitAsync(journal, Samples.Entry("a", 0, 1)));
        store.AfterAppend = (_, _, _) => { };
        Assert.Equal(["2"], await CommitAsync(journal, Samples.Entry("a", 1, 2)));
    }

    [Fact]
    public async Task A_write_of_unknown_outcome_is_not_acknowledged_and_fences_its_holder()
    {
        var store = new FaultyJournalStore(state)
        {
            AfterAppend = (_, _, _) => throw FaultyJournalStore.Broken(),
            BeforeReadHead = () => throw FaultyJournalStore.Broken(),
        };
        var journal = await OpenAsync(store);

        Assert.Equal(["unavailable: no space is left"], await CommitAsync(journal, Samples.Entry("a", 0, 1)));
        (store.AfterAppend, store.BeforeReadHead) = ((_, _, _) => { }, () => { });
        Assert.StartsWith("unavailable: the journal", Assert.Single(await CommitAsync(journal, Samples.Entry("b", 0, 2))));
        Assert.True(journal.IsFenced);
        Assert.Equal(["1"], await CommitAsync(await OpenAsync(), Samples.Entry("a", 0, 1)));
    }

    // Else whoever waits for the head would wait for a revision that this holder never shows.
    [Fact]
    public async Task A_holder_that_may_have_written_more_than_it_knows_says_no_head()
    {
        var store = new FaultyJournalStore(state)
        {
            AfterAppend = (_, _, _) => throw FaultyJournalStore.Broken(),
            BeforeReadHead = () => throw FaultyJournalStore.Broken(),
        };
        var journal = await OpenAsync(store);
        await CommitAsync(journal, Samples.Entry("a", 0, 1));
        (store.AfterAppend, store.BeforeReadHead) = ((_, _, _) => { }, () => { });

        Assert.Null(await journal.ConfirmHeadAsync());
        Assert.Equal(1, await (await OpenAsync()).ConfirmHeadAsync());
    }

    // The database may carry a statement out whose connection broke, when the next of as many commits is on its way already.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_batch_is_not_taken_for_one_of_its_size_that_landed_late(int commits)
    {
        List<JournalRecord> late = [];
        var store = new FaultyJournalStore(state) { BeforeAppend = () => throw FaultyJournalStore.Broken() };
        var journal = await OpenAsync(store);
        var head = journal.Head;
        CommitEntry[] Batch(string name, int id) => [.. Enumerable.Range(1, commits).Select(n => Samples.Entry($"{name}{n}", 0, id + n))];
        late.AddRange(Batch("late", 10).Select((entry, n) => new JournalRecord
        {
            Revision = n + 1,
            Key = entry.Key.ToString(),
            Uid = entry.Uid,
            Deleted = false,
            CommitId = entry.CommitId,
            Payload = entry.Payload,
        }));
        Assert.All(await CommitAsync(journal, Batch("late", 10)), answer => Assert.StartsWith("unavailable", answer));

        store.Meanwhile = async () => Assert.Equal(AppendOutcome.Appended, await new MemoryJournalStore(state).AppendAsync(head, commits, late, CancellationToken.None));
        Assert.All(await CommitAsync(journal, Batch("lost", 20)), answer => Assert.StartsWith("unavailable", answer));

        Assert.Null(await journal.ConfirmHeadAsync());
        var next = await OpenAsync();
        Assert.Equal(["uid-late1", ""], new[] { "late1", "lost1" }.Select(name => next.UidOf(Samples.ConfigMapKey(name))));
    }

    [Fact]
    public async Task A_fenced_holder_acknowledges_and_refuses_nothing()
    {
        var old = await OpenAsync();
        await CommitAsync(old, Samples.Entry("a", 0, 1));
        var now = await OpenAsync();
        await CommitAsync(now, Samples.Entry("a", 1, 2, deleted: true));

        Assert.StartsWith("unavailable", Assert.Single(await CommitAsync(old, Samples.Entry("a", 0, 3))));
        Assert.True(old.IsFenced);
        Assert.All(await CommitAsync(old, Samples.Entry("b", 0, 4), Samples.Entry("a", 1, 5)), answer => Assert.StartsWith("unavailable", answer));
        Assert.Null(await old.ConfirmHeadAsync());
        Assert.Equal(2, await now.ConfirmHeadAsync());
        Assert.Equal(["3"], await CommitAsync(now, Samples.Entry("a", 0, 3)));
    }

    [Fact]
    public async Task A_new_holder_reads_what_was_before_it_from_the_change_log()
    {
        var old = await OpenAsync();
        await CommitAsync(old, Samples.Entry("a", 0, 1));
        await CommitAsync(old, Samples.Entry("a", 1, 2));
        await CommitAsync(old, Samples.Entry("a", 2, 3, deleted: true));
        var now = await OpenAsync();
        await CommitAsync(now, Samples.Entry("b", 0, 4));

        var first = await now.ReadAsync(0, int.MaxValue);

        Assert.Equal([1, 2, 3, 4], first.Revisions.Select(revision => revision.Object.ResourceVersion));
        Assert.Equal([false, false, true, false], first.Revisions.Select(revision => revision.Deleted));
        Assert.Equal((4, now.Head.Epoch, false), (first.Head, first.Epoch, first.Gap));
    }

    [Fact]
    public async Task A_reader_of_the_forgotten_past_is_told_of_the_gap()
    {
        var journal = await OpenAsync(bounds: new JournalOptions { RingBytes = 1 });
        for (var i = 0; i < 5; i++)
        {
            await CommitAsync(journal, Samples.Entry("a", i, i + 1));
        }

        await new MemoryJournalStore(state).TrimAsync(3, 100, CancellationToken.None);

        var slice = await journal.ReadAsync(2, int.MaxValue);
        Assert.True(slice.Gap);
        Assert.Equal(2, slice.Head);
        Assert.False((await journal.ReadAsync(3, int.MaxValue)).Gap);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_comes_into_a_namespace_that_is_gone_and_none_goes_that_holds_something(bool newHolder)
    {
        var journal = await OpenAsync();
        Assert.Equal(["1", "2", "3"], await CommitAsync(journal, Namespace(0, 1, name: "other"), Namespace(0, 2), Samples.Entry("a", 0, 3)));
        if (newHolder)
        {
            journal = await OpenAsync();
        }

        Assert.Equal(["unavailable: there is something in the namespace default"], await CommitAsync(journal, Namespace(2, 4, deleted: true)));
        Assert.Equal(
            ["4", "5", "unavailable: there is no namespace default"],
            await CommitAsync(journal, Samples.Entry("a", 3, 5, deleted: true), Namespace(2, 6, deleted: true), Samples.Entry("b", 0, 7)));
        Assert.Equal(["unavailable: there is no namespace default"], await CommitAsync(journal, Samples.Entry("b", 0, 8)));
        Assert.Equal(["6", "7"], await CommitAsync(journal, Namespace(0, 9), Samples.Entry("b", 0, 10)));
    }

    [Fact]
    public async Task Where_the_end_of_a_namespace_could_not_be_written_it_is_there_and_what_came_for_it_is_not_refused_for_good()
    {
        var store = new FaultyJournalStore(state);
        var journal = await OpenAsync(store);
        await CommitAsync(journal, Namespace(0, 1), Samples.Entry("a", 0, 2));
        store.BeforeAppend = () => throw FaultyJournalStore.Broken();

        var answers = await CommitAsync(journal, Samples.Entry("a", 2, 3, deleted: true), Namespace(1, 4, deleted: true), Samples.Entry("b", 0, 5));

        Assert.All(answers, answer => Assert.Equal("unavailable: no space is left", answer));
        store.BeforeAppend = () => { };
        Assert.Equal(["3", "unavailable: there is something in the namespace default"], await CommitAsync(journal, Samples.Entry("b", 0, 5), Namespace(1, 6, deleted: true)));
    }

    private static CommitEntry Namespace(long expected, int commit, bool deleted = false, string name = "default") =>
        Samples.Entry(name, expected, commit, deleted) with { Key = ResourceKinds.Namespaces.Key("", name) };

    private async Task<JournalSequencer> OpenAsync(IJournalStore? store = null, JournalOptions? bounds = null)
    {
        var journal = new JournalSequencer("objects", store ?? new MemoryJournalStore(state), bounds ?? new JournalOptions());
        await journal.OpenAsync(CancellationToken.None);
        return journal;
    }

    private static async Task<string[]> CommitAsync(JournalSequencer journal, params CommitEntry[] entries) =>
        Array.ConvertAll((await journal.CommitAsync(entries)).Answers, Text);

    internal static string Text(CommitResult answer) => answer switch
    {
        { Committed: { } committed } => $"{committed.ResourceVersion}",
        { Unavailable: { } why } => $"unavailable: {why}",
        _ => $"conflict {answer.CurrentRevision} {answer.CurrentUid}",
    };
}
