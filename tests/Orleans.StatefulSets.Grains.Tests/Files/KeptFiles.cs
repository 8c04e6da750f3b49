using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Grains.Tests.Files;

/// <summary>A durable tree with a file system over it, and short words for what tests do.</summary>
internal sealed class KeptFiles
{
    public static readonly Caller Root = new("/", Credentials.Root, 0x12);

    private const string Name = "volume/uid";

    private KeptFiles(IFileStore store, FileTreeOptions options, long capacity) => (Store, Options, Capacity, Memory) = (store, options, capacity, new FileMemory(Microsoft.Extensions.Options.Options.Create(options)));

    public IFileStore Store { get; }

    public FileTreeOptions Options { get; }

    public long Capacity { get; }

    /// <summary>What this tree and others of its silo hold in memory.</summary>
    public FileMemory Memory { get; }

    public FakeTimeProvider Clock { get; init; } = new(new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public KeptTree Tree { get; private set; } = new(null!);

    public FileSystem Files { get; private set; } = new(new MemoryTree(0, TimeProvider.System));

    public TreeKeeper Keeper => Tree.Keeper;

    public static async Task<KeptFiles> OpenAsync(IFileStore store, long capacity = 1 << 20, FileTreeOptions? options = null, FakeTimeProvider? clock = null)
    {
        var files = new KeptFiles(store, options ?? new FileTreeOptions(), capacity);
        files = clock is null ? files : new KeptFiles(store, files.Options, capacity) { Clock = clock };
        await files.TakeOverAsync();
        return files;
    }

    /// <summary>What holds the tree goes with everything that was not flushed, and another one takes its place.</summary>
    public async Task TakeOverAsync()
    {
        var keeper = new TreeKeeper(Name, Store, Options, Memory, Clock);
        await keeper.OpenAsync(create: true);
        keeper.Grow(Capacity);
        Tree = new KeptTree(keeper);
        Files = new FileSystem(Tree);
    }

    public ValueTask WriteAsync(string path, string text) => Files.WriteAllAsync(Root, path, System.Text.Encoding.Latin1.GetBytes(text));

    public async Task<string> ReadAsync(string path) => System.Text.Encoding.Latin1.GetString(await Files.ReadAllAsync(Root, path, 1 << 30));

    public ValueTask FlushAsync() => Tree.FlushAsync();

    /// <summary>Every path of a file system with what is there; the numbers of inodes are left out.</summary>
    public static async Task<string> DescribeAsync(FileSystem files)
    {
        var lines = new List<string> { $"/ {Attributes(await files.StatAsync(Root, "/"))}" };
        await DescribeAsync(files, "", lines);
        var usage = await files.Root.UsageAsync();
        lines.Add($"{usage.Used} bytes, {usage.UsedNodes} inodes");
        return string.Join('\n', lines);
    }

    public static async Task FailsAsync(Errno code, Func<ValueTask> action) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<FileException>(async () => await action())).Code);

    private static async Task DescribeAsync(FileSystem files, string path, List<string> lines)
    {
        foreach (var (name, node) in await files.ListAsync(Root, path + "/"))
        {
            var full = $"{path}/{name}";
            lines.Add($"{full} {Attributes(node)}");
            if (node.IsDirectory)
            {
                await DescribeAsync(files, full, lines);
            }
            else if (node.Kind == FileKind.Regular)
            {
                lines.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await files.ReadAllAsync(Root, full, 1 << 30))));
            }
        }
    }

    private static string Attributes(FileNode node) => $"{node with { Number = 0 }}";
}
