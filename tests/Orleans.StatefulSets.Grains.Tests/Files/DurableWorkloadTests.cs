using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;
using static Orleans.StatefulSets.Grains.Tests.Files.KeptFiles;

namespace Orleans.StatefulSets.Grains.Tests.Files;

/// <summary>The same calls to a durable tree, which is read again from its store at any moment, and to a plain one: the same errors and files.</summary>
public sealed class DurableWorkloadTests
{
    private static readonly string[] Names = ["a", "b", "c", "d"];
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public Task A_durable_tree_is_what_a_tree_in_memory_is_whenever_it_is_read_again(int seed) => Turns.RunAsync(async () =>
    {
        // So little room, in memory and in what may be owed, that contents come and go all the time.
        var options = new FileTreeOptions { CachedBytes = 3 * FilePiece.Bytes, DirtyBytes = 2 * FilePiece.Bytes, DirtyRows = 12, FileBytes = 400_000 };
        var store = new FaultyFileStore(new MemoryFileState());
        var durable = await OpenAsync(store, capacity: 600_000, options, clock);
        var plain = new FileSystem(new MemoryTree(600_000, clock) { FileBytes = options.FileBytes });
        var chance = new Random(seed);
        var breaks = 0;
        store.BeforeFlush = _ =>
        {
            BreakSometimes();
            return Task.CompletedTask;
        };
        store.AfterFlush = _ => BreakSometimes();
        for (var step = 0; step < 1500; step++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(chance.Next(50)));
            var (what, call) = Call(chance);
            durable.Tree.FlushesAgain = true;
            Assert.True(await ErrorOfAsync(() => call(plain)) == await ErrorOfAsync(() => call(durable.Files)), $"seed {seed}, step {step}: {what}");
            if (step % 25 == 0)
            {
                Assert.Equal(await DescribeAsync(plain), await DescribeAsync(durable.Files));
            }

            if (chance.Next(20) == 0)
            {
                while (await durable.Keeper.FlushAsync() is not null)
                {
                }

                await durable.TakeOverAsync();
            }
        }

        Assert.NotEqual(0, breaks);

        void BreakSometimes()
        {
            if (chance.Next(8) == 0)
            {
                breaks++;
                throw FaultyFileStore.Broken();
            }
        }
    });

    private static (string What, Func<FileSystem, ValueTask> Call) Call(Random random)
    {
        var (path, other, size, offset) = (PathOf(random), PathOf(random), random.Next(300_000), random.Next(250_000));
        var bytes = new byte[random.Next(3) * random.Next(60_000)];
        random.NextBytes(bytes);
        return random.Next(12) switch
        {
            0 or 1 => ($"mkdir {path}", files => files.MakeDirectoryAsync(Root, path)),
            2 => ($"rmdir {path}", files => files.RemoveDirectoryAsync(Root, path)),
            3 => ($"unlink {path}", files => files.RemoveFileAsync(Root, path)),
            4 or 5 => ($"rename {path} {other}", files => files.RenameAsync(Root, path, other)),
            6 => ($"link {path} {other}", files => files.LinkAsync(Root, path, other)),
            7 => ($"symlink {path}", files => files.MakeSymbolicLinkAsync(Root, other, path)),
            8 => ($"truncate {path} {size}", async files => await files.ChangeAsync(Root, path, new AttributeChange { Size = size })),
            9 => ($"write {path} at {offset}", files => WriteAtAsync(files, path, offset, bytes, OpenMode.Write | OpenMode.Create)),
            10 => ($"append {path}", files => WriteAtAsync(files, path, 0, bytes, OpenMode.Write | OpenMode.Create | OpenMode.Append)),
            _ => ($"write {path}", files => files.WriteAllAsync(Root, path, bytes)),
        };
    }

    private static string PathOf(Random random) => string.Concat(Enumerable.Range(0, 1 + random.Next(3)).Select(_ => "/" + Names[random.Next(4)]));

    private static async ValueTask WriteAtAsync(FileSystem files, string path, long offset, byte[] bytes, OpenMode mode)
    {
        var file = (RegularFile)await files.OpenAsync(Root, path, mode);
        try
        {
            file.Offset = offset;
            await file.WriteAsync(bytes, CancellationToken.None);
        }
        finally
        {
            await file.CloseAsync();
        }
    }

    private static async Task<Errno?> ErrorOfAsync(Func<ValueTask> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (FileException failure)
        {
            return failure.Code;
        }
    }
}
