using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Tests.Files;

/// <summary>A file system in memory, with short words for what tests do.</summary>
internal sealed class FileSystemFixture
{
    public static readonly Caller Root = new("/", Credentials.Root, 0x12);

    public FileSystemFixture(long capacity = 1 << 20, ImageTree? image = null)
    {
        Tree = new MemoryTree(capacity, Clock, image);
        Files = new FileSystem(Tree);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public MemoryTree Tree { get; }

    public FileSystem Files { get; }

    public static Caller User(int uid, int gid = 100, params int[] groups) => new("/", new Credentials(uid, gid, groups), 0x12);

    public async Task WriteAsync(string path, string text, Caller? by = null) => await Files.WriteAllAsync(by ?? Root, path, ByteText.ToBytes(text));

    public async Task<string> ReadAsync(string path, Caller? by = null) => ByteText.FromBytes(await Files.ReadAllAsync(by ?? Root, path, 1 << 20));

    public static async Task FailsAsync(Errno code, Func<ValueTask> action) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<FileException>(async () => await action())).Code);
}
