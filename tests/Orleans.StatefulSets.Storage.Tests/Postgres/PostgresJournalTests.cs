using Orleans.StatefulSets.Storage.Tests.Journals;

namespace Orleans.StatefulSets.Storage.Tests.Postgres;

/// <summary>What a journal in PostgreSQL does besides what every store promises.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresJournalTests(SharedPostgres postgres) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<IJournalStore> opened = [];
    private string connectionString = "";
    private string where = "";

    public async Task InitializeAsync()
    {
        connectionString = await (await postgres.StartedAsync()).CreateDatabaseAsync();
        where = PostgresAddress.Parse(connectionString).Name;
    }

    public async Task DisposeAsync()
    {
        foreach (var store in opened)
        {
            await store.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Processes_that_meet_an_empty_database_at_once_all_find_the_schema()
    {
        var heads = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Open().AcquireAsync(None))));

        Assert.Equal([1, 2, 3, 4, 5, 6], heads.Select(head => head.Epoch).Order());
        Assert.Equal((long)PostgresSchema.Version, await AskAsync("SELECT count(*) FROM statefulsets_schema"));
    }

    [SkippableFact]
    public async Task The_scripts_may_be_run_again_and_keep_what_is_there()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 1, [Records.Put(1, "a")], None);

        await AskAsync("DELETE FROM statefulsets_schema");

        Assert.Equal(new JournalHead(1, 1), await Open().ReadHeadAsync(None));
        Assert.Equal((long)PostgresSchema.Version, await AskAsync("SELECT count(*) FROM statefulsets_schema"));
    }

    [SkippableFact]
    public async Task A_newer_schema_is_refused_and_left_as_it_is()
    {
        await Open().AcquireAsync(None);
        await AskAsync("INSERT INTO statefulsets_schema (version) VALUES (77)");

        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => Open().AcquireAsync(None));

        Assert.Equal(JournalStorageProblem.NewerSchema, failure.Problem);
        Assert.Equal($"{where} was written by a newer version of this program (its schema is 77, this one knows {PostgresSchema.Version}); it was left as it is", failure.Message);
        Assert.Equal(1L, await AskAsync("SELECT epoch FROM journal_heads"));
    }

    [SkippableFact]
    public async Task Two_journals_of_one_database_do_not_know_of_each_other()
    {
        var objects = Open();
        var events = Open(journal: "events");
        var head = await objects.AcquireAsync(None);
        await objects.AppendAsync(head, 9, [Records.Put(9, "a")], None);

        head = await events.AcquireAsync(None);
        Assert.Equal(new JournalHead(1, 0), head);
        await events.AppendAsync(head, 9, [Records.Put(9, "b")], None);
        await events.TrimAsync(9, 100, None);

        Assert.Equal(["a@9"], (await objects.ReadChangesAsync(0, 1000, None))!.Select(Records.Name));
        Assert.Equal(["b"], (await LiveAsync(events, keysOnly: false)).Select(record => record.Key));
    }

    [SkippableFact]
    public async Task Of_two_stores_that_append_at_once_upon_one_head_one_is_fenced()
    {
        var (first, second) = (Open(), Open());
        var head = await first.AcquireAsync(None);
        await second.ReadHeadAsync(None);
        for (var round = 0; round < 20; round++)
        {
            var next = head.Revision + 1;
            var outcomes = await Task.WhenAll(
                first.AppendAsync(head, next, [Records.Put(next, "first")], None), second.AppendAsync(head, next, [Records.Put(next, "second")], None));

            Assert.Equal([AppendOutcome.Appended, AppendOutcome.Fenced], outcomes.Order());
            head = head with { Revision = next };
        }

        Assert.Equal(20, (await first.ReadChangesAsync(0, int.MaxValue, None))!.Count);
    }

    [SkippableFact]
    public async Task A_large_batch_is_all_there_or_not_at_all()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        List<JournalRecord> batch = [.. Enumerable.Range(1, 500).Select(n => Records.Put(n, $"k{n}", 5000))];
        Assert.Equal(AppendOutcome.Fenced, await store.AppendAsync(head with { Epoch = 7 }, 500, batch, None));
        Assert.Empty(await LiveAsync(store, keysOnly: true));

        Assert.Equal(AppendOutcome.Appended, await store.AppendAsync(head, 500, batch, None));

        var read = (await LiveAsync(store, keysOnly: false)).OrderBy(record => record.Revision).ToList();
        Assert.Equal(batch.Select(record => record with { Payload = default }), read.Select(record => record with { Payload = default }));
        Assert.All(batch.Zip(read), pair => Assert.True(pair.First.Payload.Span.SequenceEqual(pair.Second.Payload.Span)));
    }

    [SkippableFact]
    public async Task Keys_and_objects_may_be_read_by_turns()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 3500, [.. Enumerable.Range(1, 3500).Select(n => Records.Put(n, $"k{n}"))], None);

        Assert.Equal(3500, (await LiveAsync(store, keysOnly: true)).Count);
        Assert.All(await LiveAsync(store, keysOnly: false), record => Assert.Equal(10, record.Payload.Length));
        Assert.All(await LiveAsync(store, keysOnly: true), record => Assert.True(record.Payload.IsEmpty));
    }

    [SkippableFact]
    public async Task Who_leaves_a_walk_early_gives_its_connection_back()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 3500, [.. Enumerable.Range(1, 3500).Select(n => Records.Put(n, $"k{n}"))], None);
        for (var round = 0; round < 20; round++)
        {
            await foreach (var record in store.ReadLiveAsync(keysOnly: false, None))
            {
                Assert.NotNull(record.Key);
                break;
            }
        }

        Assert.Equal(3500, (await LiveAsync(store, keysOnly: true)).Count);
    }

    [SkippableFact]
    public async Task A_log_that_runs_beyond_its_head_is_refused()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 5, [Records.Put(5, "a")], None);
        await AskAsync("UPDATE journal_heads SET revision = 3");

        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => Open().AcquireAsync(None));

        Assert.Equal(JournalStorageProblem.Corrupt, failure.Problem);
        Assert.Equal($"{where} is damaged: the head and the log of 'objects' disagree; it was left as it is", failure.Message);
    }

    [SkippableFact]
    public async Task A_read_only_database_is_read_and_says_so_when_written()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 1, [Records.Put(1, "a")], None);
        await AskAsync($"ALTER DATABASE {connectionString.Split("Database=")[1].Split(';')[0]} SET default_transaction_read_only = on");

        var later = Open();
        Assert.Equal(new JournalHead(1, 1), await later.ReadHeadAsync(None));
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => later.AcquireAsync(None));

        Assert.Equal(JournalStorageProblem.ReadOnly, failure.Problem);
        Assert.Equal($"{where} can't be written: it is read-only", failure.Message);
    }

    [SkippableFact]
    public async Task A_server_that_does_not_answer_is_given_up_and_what_it_was_told_is_undone()
    {
        var store = Open(timeout: TimeSpan.FromSeconds(1));
        var head = await store.AcquireAsync(None);
        await using (var other = new Npgsql.NpgsqlConnection(connectionString + ";Pooling=false"))
        {
            await other.OpenAsync();
            await using var transaction = await other.BeginTransactionAsync();
            await using var hold = new Npgsql.NpgsqlCommand("SELECT 1 FROM journal_heads FOR UPDATE", other);
            await hold.ExecuteScalarAsync();

            var failure = await Assert.ThrowsAsync<JournalStorageException>(() => store.AppendAsync(head, 1, [Records.Put(1, "a")], None));

            Assert.Equal(JournalStorageProblem.Unavailable, failure.Problem);
            Assert.Equal($"{where} does not answer in time; whether the last batch was written is not known", failure.Message);
        }

        Assert.Equal(head, await store.ReadHeadAsync(None));
        Assert.Equal(AppendOutcome.Appended, await store.AppendAsync(head, 1, [Records.Put(1, "a")], None));
    }

    private PostgresJournalStore Open(string journal = "objects", TimeSpan? timeout = null)
    {
        var store = new PostgresJournalStore(
            new PostgresJournalOptions { ConnectionString = connectionString, Journal = journal, CommandTimeout = timeout ?? TimeSpan.FromSeconds(20) }, TimeProvider.System);
        opened.Add(store);
        return store;
    }

    private Task<object?> AskAsync(string sql) => PostgresServer.ExecuteAsync(connectionString, sql);

    private static async Task<List<JournalRecord>> LiveAsync(IJournalStore store, bool keysOnly)
    {
        var live = new List<JournalRecord>();
        await foreach (var record in store.ReadLiveAsync(keysOnly, None))
        {
            live.Add(record);
        }

        return live;
    }
}
