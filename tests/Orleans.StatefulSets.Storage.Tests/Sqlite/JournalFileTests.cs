using Microsoft.Data.Sqlite;
using Orleans.StatefulSets.Storage.Tests.Directories;
using Orleans.StatefulSets.Storage.Tests.Journals;

namespace Orleans.StatefulSets.Storage.Tests.Sqlite;

public sealed class JournalFileTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TemporaryDirectory directory = new();
    private readonly List<SqliteJournalStore> opened = [];

    private string FilePath => directory.File("objects.db");

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
    public async Task After_an_abrupt_end_everything_acknowledged_is_there()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        for (var revision = 1; revision <= 50; revision++)
        {
            await store.AppendAsync(head, revision, [Records.Put(revision, $"k{revision}", 2500)], None);
            head = head with { Revision = revision };
        }

        // The files as they are while the server still runs: nothing was closed, flushed or checkpointed.
        var copy = Directory.CreateDirectory(directory.File("copy")).FullName;
        File.Copy(FilePath, Path.Combine(copy, "objects.db"));
        File.Copy(FilePath + "-wal", Path.Combine(copy, "objects.db-wal"));

        var again = Open(copy);
        Assert.Equal(new JournalHead(2, 50), await again.AcquireAsync(None));
        Assert.Equal(50, (await again.ReadChangesAsync(0, int.MaxValue, None))!.Count);
    }

    [Fact]
    public async Task A_batch_whose_end_was_torn_off_is_gone_as_a_whole()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 1, [Records.Put(1, "a")], None);
        await store.AppendAsync(head with { Revision = 1 }, 21, [.. Enumerable.Range(2, 20).Select(n => Records.Put(n, $"k{n}", 2500))], None);

        var copy = Directory.CreateDirectory(directory.File("copy")).FullName;
        File.Copy(FilePath, Path.Combine(copy, "objects.db"));
        var log = await ReadSharedAsync(FilePath + "-wal");
        await File.WriteAllBytesAsync(Path.Combine(copy, "objects.db-wal"), log[..(UsedLength(log) - 100)]);

        Assert.Equal(new JournalHead(1, 1), await Open(copy).ReadHeadAsync(None));
    }

    [Fact]
    public async Task On_a_full_disk_writes_fail_reads_go_on_and_room_lets_writes_work_again()
    {
        var store = Open(maxFileBytes: 50 * JournalSchema.PageSize);
        var head = await store.AcquireAsync(None);
        JournalStorageException? failure = null;
        while (failure is null)
        {
            try
            {
                await store.AppendAsync(head, head.Revision + 1, [Records.Put(head.Revision + 1, "same", 2500)], None);
                head = head with { Revision = head.Revision + 1 };
            }
            catch (JournalStorageException full)
            {
                failure = full;
            }
        }

        Assert.Equal(JournalStorageProblem.DiskFull, failure.Problem);
        Assert.Equal($"no space is left for {FilePath}", failure.Message);
        Assert.Equal(head, await store.ReadHeadAsync(None));
        Assert.Equal(head.Revision, (await store.ReadChangesAsync(0, int.MaxValue, None))!.Count);

        Assert.Equal(head.Revision - 1, await store.TrimAsync(head.Revision, 10_000, None));
        Assert.Equal(AppendOutcome.Appended, await store.AppendAsync(head, head.Revision + 1, [Records.Put(head.Revision + 1, "same", 2500)], None));
    }

    [Fact]
    public async Task Many_rewrites_of_a_few_objects_leave_as_many_rows_as_are_kept_and_a_file_that_stops_growing()
    {
        const int kept = 500;
        var store = Open();
        var head = await store.AcquireAsync(None);
        var sizes = new List<long>();
        for (var batch = 1; batch <= 200; batch++)
        {
            var records = Enumerable.Range(1, 100).Select(place => Records.Put(head.Revision + place, $"k{place % 7}", 2500)).ToList();
            await store.AppendAsync(head, head.Revision + 100, records, None);
            head = head with { Revision = head.Revision + 100 };
            while (await store.TrimAsync(head.Revision - kept, 200, None) == 200)
            {
            }

            sizes.Add(new FileInfo(FilePath).Length);
        }

        // 20,000 revisions of 2.5 KB, fifty megabytes, went through it.
        Assert.Null(await store.ReadChangesAsync(head.Revision - kept - 1, 1, None));
        Assert.Equal(kept, (await store.ReadChangesAsync(head.Revision - kept, int.MaxValue, None))!.Count);
        Assert.True(sizes[^1] <= sizes[100], $"the file still grows: {sizes[100]} after the first half, {sizes[^1]} after the second");
        Assert.True(sizes[^1] < 6 * kept * 2500, $"the file has {sizes[^1]} bytes");
        Assert.True(new FileInfo(FilePath + "-wal").Length < 40 << 20, "the write-ahead log isn't taken over into the file");
    }

    [Theory]
    [InlineData("this is a text, and no database at all; it is long enough to be looked at as one, a hundred bytes and more of it")]
    [InlineData("SQLite format 3\0 followed by something that never was a database, long enough to be looked at as one, a hundred bytes")]
    public async Task A_file_that_is_no_journal_is_refused_and_left_as_it_is(string content)
    {
        await File.WriteAllTextAsync(FilePath, content);
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => Open().AcquireAsync(None));
        Assert.Equal(JournalStorageProblem.Corrupt, failure.Problem);
        Assert.Equal($"{FilePath} is not a journal or is damaged; it was left as it is", failure.Message);
        Assert.Equal(content, await File.ReadAllTextAsync(FilePath));
    }

    [Fact]
    public async Task A_journal_whose_end_is_missing_is_refused_and_left_as_it_is()
    {
        await FillAndCloseAsync();
        using (var file = File.OpenWrite(FilePath))
        {
            file.SetLength(file.Length / 2);
        }

        var before = await File.ReadAllBytesAsync(FilePath);
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => Open().AcquireAsync(None));
        Assert.Equal(JournalStorageProblem.Corrupt, failure.Problem);
        Assert.Equal($"{FilePath} is damaged; it was left as it is", failure.Message);
        Assert.Equal(before, await File.ReadAllBytesAsync(FilePath));
    }

    [Fact]
    public async Task A_log_that_runs_beyond_its_head_is_refused()
    {
        await FillAndCloseAsync();
        Alter("UPDATE head SET revision = 3");
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => Open().AcquireAsync(None));
        Assert.Equal($"{FilePath} is damaged: its head and its log disagree; it was left as it is", failure.Message);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_as_it_is()
    {
        await FillAndCloseAsync();
        Alter("PRAGMA user_version = 7");
        var before = await File.ReadAllBytesAsync(FilePath);
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => Open().AcquireAsync(None));
        Assert.Equal(JournalStorageProblem.NewerSchema, failure.Problem);
        Assert.Equal(
            $"{FilePath} was written by a newer version of this program (its schema is 7, this one knows 1); it was left as it is", failure.Message);
        Assert.Equal(before, await File.ReadAllBytesAsync(FilePath));
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_as_it_is()
    {
        Alter("CREATE TABLE accounts (name TEXT)");
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => Open().AcquireAsync(None));
        Assert.Equal($"{FilePath} is a database of another program; it was left as it is", failure.Message);
        Assert.Equal(JournalStorageProblem.Corrupt, failure.Problem);
    }

    [Fact]
    public async Task What_could_not_be_opened_opens_once_the_cause_is_gone()
    {
        Directory.CreateDirectory(FilePath);
        var store = Open();
        var failure = await Assert.ThrowsAsync<JournalStorageException>(() => store.AcquireAsync(None));
        Assert.Equal(JournalStorageProblem.Unavailable, failure.Problem);
        Directory.Delete(FilePath);
        Assert.Equal(new JournalHead(1, 0), await store.AcquireAsync(None));
    }

    [Fact]
    public async Task Two_journals_of_one_directory_do_not_know_of_each_other()
    {
        var objects = Open();
        var events = Open(journal: "events");
        var head = await objects.AcquireAsync(None);
        await objects.AppendAsync(head, 9, [Records.Put(9, "a")], None);
        Assert.Equal(new JournalHead(1, 0), await events.AcquireAsync(None));
    }

    [Fact]
    public async Task Work_is_done_off_the_callers_thread_and_a_caller_need_not_wait()
    {
        var store = Open();
        var head = await store.AcquireAsync(None);
        var first = store.AppendAsync(head, 1, [Records.Put(1, "a")], None);
        var second = store.AppendAsync(head with { Revision = 1 }, 2, [Records.Put(2, "b")], None);
        Assert.Equal([AppendOutcome.Appended, AppendOutcome.Appended], await Task.WhenAll(first, second));
    }

    private SqliteJournalStore Open(string? path = null, string journal = "objects", long maxFileBytes = 0)
    {
        var store = new SqliteJournalStore(new SqliteJournalOptions
        {
            DataDirectory = path ?? directory.Path,
            Journal = journal,
            MaxFileBytes = maxFileBytes,
        });
        opened.Add(store);
        return store;
    }

    private async Task FillAndCloseAsync()
    {
        await using var store = Open();
        var head = await store.AcquireAsync(None);
        await store.AppendAsync(head, 40, [.. Enumerable.Range(1, 40).Select(n => Records.Put(n, $"k{n}", 2500))], None);
    }

    private void Alter(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes;
    }

    // A write-ahead log is written anew from its start after a checkpoint, so its end may be old or empty.
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
