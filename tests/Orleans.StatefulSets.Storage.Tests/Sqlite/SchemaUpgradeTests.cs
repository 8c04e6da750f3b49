using Microsoft.Data.Sqlite;
using Orleans.StatefulSets.Storage.Tests.Directories;
using Orleans.StatefulSets.Storage.Tests.Journals;

namespace Orleans.StatefulSets.Storage.Tests.Sqlite;

/// <summary>
/// Databases written by older programs. <c>journal.version-1.db</c> was written by the program whose newest schema was version 1: epoch 2,
/// head 7, compacted to 4; a@5 and b@6 live, c deleted at 7.
/// </summary>
public sealed class SchemaUpgradeTests : IDisposable
{
    private const string SecondStep = """
        ALTER TABLE head ADD COLUMN note TEXT NOT NULL DEFAULT 'upgraded';
        CREATE TABLE marks AS SELECT revision FROM revisions;
        """;

    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TemporaryDirectory directory = new();

    public SchemaUpgradeTests() => File.Copy(Path.Combine(AppContext.BaseDirectory, "Sqlite", "journal.version-1.db"), FilePath);

    private string FilePath => directory.File("objects.db");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_journal_of_version_1_is_read_as_it_was_written()
    {
        await using var store = Open();

        Assert.Equal(new JournalHead(2, 7), await store.ReadHeadAsync(None));
        Assert.Equal(["a@5", "b@6"], (await LiveAsync(store)).Order(StringComparer.Ordinal));
        Assert.Null(await store.ReadChangesAsync(3, 1000, None));
        Assert.Equal(["a@5", "b@6", "-c@7"], (await store.ReadChangesAsync(4, 100_000, None))!.Select(Records.Name));
        Assert.All((await store.ReadChangesAsync(4, 100_000, None))!, record =>
        {
            var expected = record.Deleted ? Records.Delete(record.Revision, record.Key) : Records.Put(record.Revision, record.Key, 100);
            Assert.Equal((expected.Uid, expected.CommitId), (record.Uid, record.CommitId));
            Assert.Equal(expected.Payload.ToArray(), record.Payload.ToArray());
        });
    }

    [Fact]
    public async Task An_older_journal_takes_the_missing_steps_and_goes_on()
    {
        await using (var store = Open(SecondStep))
        {
            Assert.Equal(new JournalHead(3, 7), await store.AcquireAsync(None));
            Assert.Equal(AppendOutcome.Appended, await store.AppendAsync(new JournalHead(3, 7), 8, [Records.Put(8, "d")], None));
            Assert.Equal(["a@5", "b@6", "d@8"], (await LiveAsync(store)).Order(StringComparer.Ordinal));
        }

        Assert.Equal(2, Ask("PRAGMA user_version"));
        Assert.Equal("upgraded", Ask("SELECT note FROM head"));
        Assert.Equal(3, Ask("SELECT count(*) FROM marks"));

        // The step is taken once.
        await using var again = Open(SecondStep);
        Assert.Equal(new JournalHead(3, 8), await again.ReadHeadAsync(None));
    }

    [Fact]
    public async Task A_new_journal_takes_all_steps()
    {
        File.Delete(FilePath);
        await using (var store = Open(SecondStep))
        {
            Assert.Equal(new JournalHead(1, 0), await store.AcquireAsync(None));
        }

        Assert.Equal(2, Ask("PRAGMA user_version"));
        Assert.Equal("upgraded", Ask("SELECT note FROM head"));
    }

    [Fact]
    public async Task A_step_that_fails_half_way_leaves_the_old_journal_to_the_old_program()
    {
        await using (var store = Open($"{SecondStep} UPDATE head SET epoch = 99; INSERT INTO nowhere VALUES (1);"))
        {
            var failure = await Assert.ThrowsAsync<JournalStorageException>(() => store.AcquireAsync(None));
            Assert.StartsWith(FilePath, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', failure.Message);
        }

        Assert.Equal(1, Ask("PRAGMA user_version"));
        Assert.Equal(0, Ask("SELECT count(*) FROM sqlite_schema WHERE name = 'marks' OR sql LIKE '%note%'"));
        await using var old = Open();
        Assert.Equal(new JournalHead(2, 7), await old.ReadHeadAsync(None));
    }

    [Fact]
    public async Task A_journal_of_a_newer_program_is_refused_in_one_line_and_left_as_it_is()
    {
        await using (var newer = Open(SecondStep))
        {
            await newer.ReadHeadAsync(None);
        }

        var before = await File.ReadAllBytesAsync(FilePath);
        await using (var store = Open())
        {
            var failure = await Assert.ThrowsAsync<JournalStorageException>(() => store.AcquireAsync(None));
            Assert.Equal(JournalStorageProblem.NewerSchema, failure.Problem);
            Assert.Equal($"{FilePath} was written by a newer version of this program (its schema is 2, this one knows 1); it was left as it is", failure.Message);
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(FilePath));
    }

    [Fact]
    public void The_journals_of_both_databases_have_as_many_steps() =>
        Assert.Equal(JournalSchema.Steps.Count, PostgresSchema.Scripts.Count(script => script.Name == "journal"));

    [Fact]
    public void The_files_of_both_databases_have_as_many_steps() =>
        Assert.Equal(FilesSchema.Steps.Count, PostgresSchema.Scripts.Count(script => script.Name == "files"));

    private SqliteJournalStore Open(params string[] further) => new(new SqliteJournalOptions
    {
        DataDirectory = directory.Path,
        Journal = "objects",
        SchemaSteps = [.. JournalSchema.Steps, .. further],
    });

    private static async Task<List<string>> LiveAsync(IJournalStore store)
    {
        var live = new List<string>();
        await foreach (var record in store.ReadLiveAsync(keysOnly: true, None))
        {
            live.Add(Records.Name(record));
        }

        return live;
    }

    private object Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False;Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long number ? (int)number : command.ExecuteScalar()!;
    }
}
