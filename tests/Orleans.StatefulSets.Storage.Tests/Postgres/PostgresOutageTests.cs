using System.Diagnostics;
using Orleans.StatefulSets.Acceptance.Tests;
using Orleans.StatefulSets.Storage.Tests.Journals;

namespace Orleans.StatefulSets.Storage.Tests.Postgres;

/// <summary>A server that crashes, is away, or whose answers are lost: what was acknowledged is there, and the store finds back by itself.</summary>
public sealed class PostgresOutageTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<IAsyncDisposable> opened = [];
    private PostgresServer? started;
    private string connectionString = "";

    private PostgresServer Server => started!;

    public async Task InitializeAsync()
    {
        Requirement.Of(PostgresServer.IsInstalled, "PostgreSQL's server programs (initdb, pg_ctl)");
        started = await PostgresServer.StartAsync();
        connectionString = await Server.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var resource in opened)
        {
            await resource.DisposeAsync();
        }

        if (started is not null)
        {
            await started.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Crashes_in_the_middle_of_appends_lose_nothing_and_are_waited_for()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        using var enough = new SemaphoreSlim(0);
        var crashed = new StrongFlag();
        var appending = Task.Run(async () =>
        {
            while (!crashed.IsSet)
            {
                var batch = Enumerable.Range(1, 5).Select(n => Records.Put(head.Revision + n, $"k{head.Revision + n}", 500)).ToList();
                Assert.Equal(AppendOutcome.Appended, await store.AppendAsync(head, head.Revision + 5, batch, None));
                head = head with { Revision = head.Revision + 5 };
                enough.Release();
            }
        });

        for (var crash = 0; crash < 3; crash++)
        {
            for (var batch = 0; batch < 20; batch++)
            {
                Assert.True(await enough.WaitAsync(TimeSpan.FromSeconds(30)), "the appends do not get on");
            }

            await Server.RestartAsync();
        }

        crashed.IsSet = true;
        await appending;

        Assert.Equal(head, await store.ReadHeadAsync(None));
        Assert.Equal(Enumerable.Range(1, (int)head.Revision).Select(n => $"k{n}@{n}"), await LogAsync(store));
    }

    [SkippableTheory]
    [InlineData("one statement, one answer", 10, 1)]
    [InlineData("a stream in a transaction, four answers", 3000, 4)]
    public async Task A_batch_whose_answer_was_lost_is_known_to_have_landed(string how, int bytes, int answers)
    {
        await using var proxy = new LossyProxy(Server.Port);
        var store = Open(proxy);
        var head = await store.AcquireAsync(None);
        for (var batch = 0; batch < 12; batch++)
        {
            proxy.Lose(1 + (batch % answers));
            var records = Enumerable.Range(1, 400).Select(n => Records.Put(head.Revision + n, $"k{head.Revision + n}", bytes)).ToList();
            Assert.True(await store.AppendAsync(head, head.Revision + 400, records, None) == AppendOutcome.Appended, how);
            head = head with { Revision = head.Revision + 400 };
        }

        Assert.Equal(Enumerable.Range(1, (int)head.Revision).Select(n => $"k{n}@{n}"), await LogAsync(store));
    }

    [SkippableFact]
    public async Task Without_patience_a_lost_answer_is_told_as_such_and_the_head_tells_the_outcome()
    {
        await using var proxy = new LossyProxy(Server.Port);
        var store = Open(proxy, patience: TimeSpan.Zero);
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 1, [Records.Put(1, "a")], None);

        proxy.Lose(1);
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => store.AppendAsync(head with { Revision = 1 }, 2, [Records.Put(2, "a")], None));

        Assert.Equal(JournalStorageProblem.Unavailable, failure.Problem);
        Assert.EndsWith("; whether the last batch was written is not known", failure.Message, StringComparison.Ordinal);
        Assert.Equal(head with { Revision = 2 }, await store.ReadHeadAsync(None));
        Assert.Equal(1, await store.TrimAsync(2, 100, None));
    }

    // An append that failed may still be under way in the server, and land in the place of the next.
    [SkippableFact]
    public async Task A_batch_that_was_lost_is_not_taken_for_one_of_its_size_that_landed_late()
    {
        await using var proxy = new LossyProxy(Server.Port);
        var store = Open(proxy);
        var direct = Open();
        var head = await store.AcquireAsync(None);

        proxy.LoseRequest(async () => await direct.AppendAsync(head, 2, [Records.Put(1, "a"), Records.Put(2, "late")], None));
        var outcome = await store.AppendAsync(head, 2, [Records.Put(1, "a"), Records.Put(2, "lost")], None);

        Assert.Equal(AppendOutcome.Fenced, outcome);
        Assert.Equal(["a@1", "late@2"], await LogAsync(store));
    }

    [SkippableFact]
    public async Task A_takeover_whose_answer_was_lost_still_fences_and_leads()
    {
        await using var proxy = new LossyProxy(Server.Port);
        var earlier = Open();
        var held = await earlier.AcquireAsync(None);
        var store = Open(proxy);
        await store.ReadHeadAsync(None);

        proxy.Lose(1);
        var head = await store.AcquireAsync(None);

        Assert.Equal(AppendOutcome.Fenced, await earlier.AppendAsync(held, 1, [Records.Put(1, "a")], None));
        Assert.Equal(AppendOutcome.Appended, await store.AppendAsync(head, 1, [Records.Put(1, "b")], None));
    }

    [SkippableFact]
    public async Task While_the_server_is_away_calls_fail_in_one_line_and_in_time_and_afterwards_they_work()
    {
        var store = Open(patience: TimeSpan.FromMilliseconds(300));
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 1, [Records.Put(1, "a")], None);
        head = head with { Revision = 1 };
        await Server.CrashAsync();

        var watch = Stopwatch.StartNew();
        var write = await Assert.ThrowsAsync<JournalStorageException>(() => store.AppendAsync(head, 2, [Records.Put(2, "a")], None));
        var read = await Assert.ThrowsAsync<JournalStorageException>(() => store.ReadChangesAsync(0, 100, None));
        var walk = await Assert.ThrowsAsync<JournalStorageException>(async () => await store.ReadLiveAsync(keysOnly: true, None).GetAsyncEnumerator().MoveNextAsync());

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"it took {watch.Elapsed}");
        Assert.All([write, read, walk], failure => Assert.StartsWith($"PostgreSQL at 127.0.0.1:{Server.Port}/test_1 cannot be reached: Connection refused", failure.Message, StringComparison.Ordinal));
        await Server.StartAgainAsync();
        Assert.Equal(head, await store.ReadHeadAsync(None));
        Assert.Equal(AppendOutcome.Appended, await store.AppendAsync(head, 2, [Records.Put(2, "a")], None));
        Assert.Equal(["a@1", "a@2"], await LogAsync(store));
    }

    [SkippableFact]
    public async Task A_store_that_is_closed_while_the_server_is_away_closes_at_once()
    {
        var store = Open(patience: TimeSpan.FromMinutes(10));
        var head = await store.AcquireAsync(None);
        await Server.CrashAsync();
        var append = store.AppendAsync(head, 1, [Records.Put(1, "a")], None);

        await store.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => append);
        Assert.Contains("the journal is closed", failure.Message, StringComparison.Ordinal);
    }

    private PostgresJournalStore Open(LossyProxy? proxy = null, TimeSpan? patience = null)
    {
        var store = new PostgresJournalStore(
            new PostgresJournalOptions
            {
                ConnectionString = proxy is null ? connectionString : connectionString.Replace($"Port={Server.Port}", $"Port={proxy.Port}", StringComparison.Ordinal),
                Journal = "objects",
                Patience = patience ?? TimeSpan.FromSeconds(30),
            },
            TimeProvider.System);
        opened.Add(store);
        return store;
    }

    private static async Task<List<string>> LogAsync(IJournalStore store)
    {
        var log = new List<string>();
        var after = 0L;
        while (await store.ReadChangesAsync(after, 1 << 20, None) is { Count: > 0 } portion)
        {
            log.AddRange(portion.Select(Records.Name));
            after = portion[^1].Revision;
        }

        return log;
    }

    private sealed class StrongFlag
    {
        private volatile bool raised;

        public bool IsSet
        {
            get => raised;
            set => raised = value;
        }
    }
}
