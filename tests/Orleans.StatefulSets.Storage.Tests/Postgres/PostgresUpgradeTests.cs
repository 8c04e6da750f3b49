using Npgsql;
using Orleans.StatefulSets.Storage.Tests.Journals;

namespace Orleans.StatefulSets.Storage.Tests.Postgres;

/// <summary>Databases written by the program before the one that opens them.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresUpgradeTests(SharedPostgres postgres) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly int Newest = PostgresSchema.Version;

    private readonly PostgresScript nextStep = new(Newest + 1, "journal", $"""
        ALTER TABLE journal_heads ADD COLUMN note text NOT NULL DEFAULT 'upgraded';
        CREATE TABLE marks AS SELECT revision FROM journal_revisions;
        INSERT INTO statefulsets_schema (version) VALUES ({Newest + 1});
        """);

    private string connectionString = "";

    public async Task InitializeAsync()
    {
        connectionString = await (await postgres.StartedAsync()).CreateDatabaseAsync();
        await using var old = Open();
        var head = await old.AcquireAsync(None);
        await old.AppendAsync(head, 2, [Records.Put(1, "a"), Records.Put(2, "b")], None);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task An_older_database_takes_the_missing_step_once_whoever_comes_first()
    {
        var heads = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await using var store = Open(nextStep);
            return await store.AcquireAsync(None);
        })));

        Assert.Equal([(2, 2), (3, 2), (4, 2), (5, 2)], heads.Select(head => (head.Epoch, head.Revision)).Order());
        Assert.Equal((long)Newest + 1, await AskAsync("SELECT count(*) FROM statefulsets_schema"));
        Assert.Equal("upgraded", await AskAsync("SELECT note FROM journal_heads"));
        Assert.Equal(2L, await AskAsync("SELECT count(*) FROM marks"));
    }

    [SkippableFact]
    public async Task A_step_that_fails_half_way_leaves_the_old_database_to_the_old_program()
    {
        await using (var store = Open(nextStep with { Text = $"{nextStep.Text} UPDATE journal_heads SET epoch = 99; INSERT INTO nowhere VALUES (1);" }))
        {
            var failure = await Assert.ThrowsAsync<JournalStorageException>(() => store.AcquireAsync(None));
            Assert.DoesNotContain('\n', failure.Message);
        }

        Assert.Equal((long)Newest, await AskAsync("SELECT count(*) FROM statefulsets_schema"));
        Assert.Equal(true, await AskAsync("SELECT to_regclass('marks') IS NULL"));
        await using var old = Open();
        Assert.Equal(new JournalHead(1, 2), await old.ReadHeadAsync(None));
    }

    [SkippableFact]
    public async Task A_database_of_a_newer_program_is_refused_in_one_line()
    {
        await using (var newer = Open(nextStep))
        {
            await newer.ReadHeadAsync(None);
        }

        await using var old = Open();
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => old.AcquireAsync(None));
        Assert.Equal(JournalStorageProblem.NewerSchema, failure.Problem);
        Assert.EndsWith($"(its schema is {Newest + 1}, this one knows {Newest}); it was left as it is", failure.Message, StringComparison.Ordinal);
    }

    private PostgresJournalStore Open(params PostgresScript[] further) => new(
        new PostgresJournalOptions { ConnectionString = connectionString, Journal = "objects", SchemaScripts = [.. PostgresSchema.Scripts, .. further] },
        TimeProvider.System);

    private async Task<object?> AskAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
