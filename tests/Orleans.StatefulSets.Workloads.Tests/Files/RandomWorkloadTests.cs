using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Text;
using static Orleans.StatefulSets.Workloads.Tests.Files.FileSystemFixture;

namespace Orleans.StatefulSets.Workloads.Tests.Files;

/// <summary>The same calls here and to Linux: the same errors, and the same files after each.</summary>
public sealed class RandomWorkloadTests
{
    private const string Base = "/up/base";
    private static readonly string[] Names = ["a", "b", "c", "d"];

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_tree_in_memory_does_what_Linux_does(int seed)
    {
        Requirement.Of(OperatingSystem.IsLinux(), "Linux");
        using var host = new HostFileSystem();
        var fixture = new FileSystemFixture(capacity: 1 << 30);
        var random = new Random(seed);
        foreach (var folder in new[] { "/up", Base })
        {
            host.MakeDirectory(folder);
            await fixture.Files.MakeDirectoryAsync(Root, folder);
        }

        for (var step = 0; step < 3000; step++)
        {
            var (what, here, there) = Call(fixture, host, random);
            Assert.True(there == await ErrorOfAsync(here), $"seed {seed}, step {step}: {what}: Linux says {(Errno)there}");
            if (step % 50 == 0)
            {
                Assert.Equal(host.Describe(), await DescribeAsync(fixture, ""));
                await LinksAreCountedAsync(fixture, "/");
            }
        }
    }

    private static (string What, Func<ValueTask> Here, int There) Call(FileSystemFixture fixture, HostFileSystem host, Random random)
    {
        var (files, path, other) = (fixture.Files, PathOf(random), PathOf(random));
        var size = random.Next(20_000);
        switch (random.Next(10))
        {
            case 0 or 1:
                return ($"mkdir {path}", () => files.MakeDirectoryAsync(Root, path), host.MakeDirectory(path));
            case 2:
                return ($"rmdir {path}", () => files.RemoveDirectoryAsync(Root, path), host.RemoveDirectory(path));
            case 3:
                return ($"unlink {path}", () => files.RemoveFileAsync(Root, path), host.RemoveFile(path));
            case 4 or 5:
                return ($"rename {path} {other}", () => files.RenameAsync(Root, path, other), host.Rename(path, other));
            case 6:
                return ($"link {path} {other}", () => files.LinkAsync(Root, path, other), host.Link(path, other));
            case 7:
                var target = string.Join('/', Enumerable.Repeat("..", random.Next(2)).Append(Names[random.Next(4)]));
                return ($"symlink {target} {path}", () => files.MakeSymbolicLinkAsync(Root, target, path), host.SymbolicLink(target, path));
            case 8:
                return ($"truncate {path} {size}", async () => await files.ChangeAsync(Root, path, new AttributeChange { Size = size }), host.Resize(path, size));
            default:
                var text = new string((char)('a' + random.Next(26)), random.Next(3) * 3000);
                return random.Next(2) == 0
                    ? ($"write {path}", () => files.WriteAllAsync(Root, path, ByteText.ToBytes(text)), host.Write(path, text, append: false))
                    : ($"append {path}", () => AppendAsync(files, path, text), host.Write(path, text, append: true));
        }
    }

    private static string PathOf(Random random)
    {
        // Two folders deep, so that a link that leads up stays inside of Linux's temporary folder.
        var path = Base + string.Concat(Enumerable.Range(0, 1 + random.Next(3)).Select(_ => "/" + Names[random.Next(4)]));
        return random.Next(30) switch { 0 => path + "/", 1 => path + "/.", 2 => path + "/b/..", _ => path };
    }

    private static async ValueTask AppendAsync(FileSystem files, string path, string text)
    {
        var file = await files.OpenAsync(Root, path, OpenMode.Write | OpenMode.Create | OpenMode.Append);
        await file.WriteAsync(ByteText.ToBytes(text), CancellationToken.None);
        await file.CloseAsync();
    }

    private static async Task<int> ErrorOfAsync(Func<ValueTask> call)
    {
        try
        {
            await call();
            return 0;
        }
        catch (FileException failure)
        {
            return (int)failure.Code;
        }
    }

    private static async Task<List<string>> DescribeAsync(FileSystemFixture fixture, string path)
    {
        var lines = new List<string>();
        foreach (var (name, node) in await fixture.Files.ListAsync(Root, path + "/"))
        {
            var full = $"{path}/{name}";
            switch (node.Kind)
            {
                case FileKind.SymbolicLink:
                    lines.Add($"{full} -> {node.Target}");
                    break;
                case FileKind.Directory:
                    lines.Add($"{full}/");
                    lines.AddRange(await DescribeAsync(fixture, full));
                    break;
                default:
                    lines.Add($"{full} = {await fixture.ReadAsync(full)}");
                    break;
            }
        }

        return lines;
    }

    /// <summary>A directory's links are two and one for each directory in it; the room counted is what the files take.</summary>
    private static async Task LinksAreCountedAsync(FileSystemFixture fixture, string path)
    {
        var entries = await fixture.Files.ListAsync(Root, path);
        Assert.Equal(2 + entries.Count(entry => entry.Node.IsDirectory), (await fixture.Files.StatAsync(Root, path)).Links);
        foreach (var entry in entries.Where(entry => entry.Node.IsDirectory))
        {
            await LinksAreCountedAsync(fixture, $"{path}/{entry.Name}");
        }
    }
}
