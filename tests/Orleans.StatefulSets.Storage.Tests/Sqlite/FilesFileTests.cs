using Microsoft.Data.Sqlite;
using Orleans.StatefulSets.Storage.Tests.Directories;
using Orleans.StatefulSets.Storage.Tests.Files;

namespace Orleans.StatefulSets.Storage.Tests.Sqlite;

/// <summary>What files in SQLite do besides what every store promises.</summary>
public sealed class FilesFileTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TemporaryDirectory directory = new();
    private readonly List<SqliteFileStore> opened = [];

    private string FilePath => directory.File("files.db");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var store in opened)
        {
            await store.DisposeAsync();
        }

        directory.Dispose();
    }

    [Fact]
    public async Task A_program_that_ends_at_any_point_of_a_flush_leaves_the_old_state_or_the_new_one()
    {
        var store = Open();
        var hold = await HoldAsync(store);
        await store.FlushAsync(hold, Flush(1, with: 1), None);
        var old = await Trees.DescribeAsync(store, hold);
        await store.FlushAsync(hold, Flush(2, with: 2), None);
        var next = await Trees.DescribeAsync(store, hold);

        // The files as they are while the program still runs, the log torn off wherever it may have been.
        var file = await ReadSharedAsync(FilePath);
        var log = await ReadSharedAsync(FilePath + "-wal");
        var seen = new HashSet<string>();
        for (var (end, number) = (UsedLength(log), 0); end > 0 && seen.Count < 3; end -= 1777, number++)
        {
            var copy = Directory.CreateDirectory(directory.File($"copy-{number}")).FullName;
            await File.WriteAllBytesAsync(Path.Combine(copy, "files.db"), file);
            await File.WriteAllBytesAsync(Path.Combine(copy, "files.db-wal"), log[..end]);
            await using var torn = new SqliteFileStore(new SqliteFileOptions { DataDirectory = copy });
            seen.Add(await torn.AcquireAsync("volume/a", create: false, None) is { } found ? await Trees.DescribeAsync(torn, found) : "nothing yet");
        }

        // Taken over, then written, then written again: each is one transaction.
        Assert.Contains(next, seen);
        Assert.Contains(old, seen);
        Assert.Subset(new HashSet<string> { next, old, $"{TreeHeader.New}", "nothing yet" }, seen);
    }

    [Fact]
    public async Task On_a_full_disk_flushes_fail_reads_go_on_and_room_lets_flushes_work_again()
    {
        var store = Open(maxFileBytes: 60 * FilesSchema.PageSize);
        var hold = await HoldAsync(store);
        await store.FlushAsync(hold, Flush(1, with: 1), None);
        var before = await Trees.DescribeAsync(store, hold);
        var large = new TreeFlush { Header = Trees.Header(2), Inodes = [Trees.File(9)], Blocks = [.. Enumerable.Range(0, 20).Select(index => Trees.Block(9, index, 65_536))] };
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => store.FlushAsync(hold, large, None));
        Assert.Equal((JournalStorageProblem.DiskFull, $"no space is left for {FilePath}"), (failure.Problem, failure.Message));
        Assert.Equal(before, await Trees.DescribeAsync(store, hold));
        Assert.Equal(FlushOutcome.Written, await store.FlushAsync(hold, Flush(2, with: 2), None));
    }

    [Fact]
    public async Task A_deleted_tree_gives_its_pages_back_to_the_disk()
    {
        await using (var store = Open())
        {
            var hold = await HoldAsync(store);
            await store.FlushAsync(
                hold, new TreeFlush { Header = Trees.Header(1), Inodes = [Trees.File(2)], Blocks = [.. Enumerable.Range(0, 300).Select(index => Trees.Block(2, index, 65_536))] }, None);
            await store.DeleteAsync("volume/a", None);
        }

        Assert.InRange(new FileInfo(FilePath).Length, 1, 1 << 20);
    }

    [Fact]
    public async Task What_is_left_of_a_deletion_goes_when_the_files_are_next_opened()
    {
        await using (var store = Open())
        {
            await store.FlushAsync(await HoldAsync(store), Flush(1, with: 1), None);
        }

        Alter("INSERT INTO doomed SELECT tree FROM trees; DELETE FROM trees");
        await using (var store = Open())
        {
            Assert.Empty(await store.ListAsync("", 10, None));
        }

        Assert.Equal(0, Ask("SELECT (SELECT count(*) FROM blocks) + (SELECT count(*) FROM inodes) + (SELECT count(*) FROM names) + (SELECT count(*) FROM doomed)"));
    }

    [Fact]
    public async Task A_file_that_is_something_else_is_refused_and_left_as_it_is()
    {
        const string content = "this is a text, and no database at all; it is long enough to be looked at as one, a hundred bytes and more of it";
        await File.WriteAllTextAsync(FilePath, content);
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => HoldAsync(Open()));
        Assert.Equal(
            (JournalStorageProblem.Corrupt, $"{FilePath} is not this program's files or is damaged; it was left as it is"), (failure.Problem, failure.Message));
        Assert.Equal(content, await File.ReadAllTextAsync(FilePath));
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_as_it_is()
    {
        await using (var store = Open())
        {
            await HoldAsync(store);
        }

        Alter("PRAGMA user_version = 7");
        var before = await File.ReadAllBytesAsync(FilePath);
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => HoldAsync(Open()));
        Assert.Equal(JournalStorageProblem.NewerSchema, failure.Problem);
        Assert.Equal($"{FilePath} was written by a newer version of this program (its schema is 7, this one knows 1); it was left as it is", failure.Message);
        Assert.Equal(before, await File.ReadAllBytesAsync(FilePath));
    }

    [Fact]
    public async Task A_journal_is_not_taken_for_files()
    {
        await using (var journal = new SqliteJournalStore(new SqliteJournalOptions { DataDirectory = directory.Path, Journal = "files" }))
        {
            await journal.AcquireAsync(None);
        }

        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => HoldAsync(Open()));
        Assert.Equal($"{FilePath} is a database of another program; it was left as it is", failure.Message);
    }

    [Fact]
    public async Task An_older_schema_takes_the_missing_steps_and_keeps_what_is_there()
    {
        string before;
        await using (var store = Open())
        {
            var hold = await HoldAsync(store);
            await store.FlushAsync(hold, Flush(1, with: 1), None);
            before = await Trees.DescribeAsync(store, hold);
        }

        await using (var next = new SqliteFileStore(new SqliteFileOptions
        {
            DataDirectory = directory.Path,
            SchemaSteps = [.. FilesSchema.Steps, "ALTER TABLE trees ADD COLUMN note TEXT NOT NULL DEFAULT 'upgraded'"],
        }))
        {
            Assert.Equal(before, await Trees.DescribeAsync(next, await HoldAsync(next)));
        }

        Assert.Equal(2, Ask("PRAGMA user_version"));
        Assert.Equal(1, Ask("SELECT count(*) FROM trees WHERE note = 'upgraded'"));
    }

    private static TreeFlush Flush(long sequence, byte with) => new()
    {
        Header = Trees.Header(sequence),
        Inodes = [Trees.File(2, size: with)],
        Names = [new StoredName(1, $"name-{with}", 2)],
        GoneNames = with == 1 ? [] : [(1, $"name-{with - 1}")],
        Blocks = [.. Enumerable.Range(0, 4).Select(index => Trees.Block(2, index, 10_000, with))],
    };

    private static async Task<TreeHold> HoldAsync(SqliteFileStore store) => (await store.AcquireAsync("volume/a", create: true, None))!.Value;

    private SqliteFileStore Open(long maxFileBytes = 0)
    {
        var store = new SqliteFileStore(new SqliteFileOptions { DataDirectory = directory.Path, MaxFileBytes = maxFileBytes });
        opened.Add(store);
        return store;
    }

    private void Alter(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    private long Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        return connection.ReadNumber(sql);
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes;
    }

    private static int UsedLength(byte[] log)
    {
        var end = log.Length;
        while (end > 0 && log[end - 1] == 0)
        {
            end--;
        }

        return end;
    }
}
