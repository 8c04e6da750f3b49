using Orleans.StatefulSets.Workloads.Files;
using static Orleans.StatefulSets.Workloads.Tests.Files.FileSystemFixture;

namespace Orleans.StatefulSets.Workloads.Tests.Files;

public sealed class MemoryTreeTests
{
    private readonly FileSystemFixture fixture = new(capacity: 10 * 4096);

    [Fact]
    public async Task A_full_tree_takes_what_fits_and_then_says_so()
    {
        await FailsAsync(Errno.ENOSPC, () => new(fixture.WriteAsync("/big", new string('x', 60_000))));
        Assert.Equal(10 * 4096, (await fixture.Files.StatAsync(Root, "/big")).Size);
        await FailsAsync(Errno.ENOSPC, () => new(fixture.WriteAsync("/more", "x")));
        await fixture.Files.RemoveFileAsync(Root, "/big");
        await fixture.WriteAsync("/more", "x");
        Assert.Equal(4096, (await fixture.Tree.UsageAsync()).Used);
    }

    [Fact]
    public async Task A_file_has_its_largest_size()
    {
        var files = new FileSystem(new MemoryTree(1 << 20, fixture.Clock) { FileBytes = 5000 });
        await FailsAsync(Errno.EFBIG, () => files.WriteAllAsync(Root, "/f", new byte[6000]));
        await FailsAsync(Errno.EFBIG, async () => await files.ChangeAsync(Root, "/f", new AttributeChange { Size = 5001 }));
    }

    [Fact]
    public async Task Inodes_run_out_by_files_and_by_names()
    {
        var files = new FileSystem(new MemoryTree(1 << 20, fixture.Clock) { Nodes = 4 });
        await files.WriteAllAsync(Root, "/1", default);
        await files.LinkAsync(Root, "/1", "/2");
        await files.LinkAsync(Root, "/1", "/3");
        await FailsAsync(Errno.ENOSPC, () => files.LinkAsync(Root, "/1", "/4"));
        await files.RemoveFileAsync(Root, "/3");
        await files.MakeDirectoryAsync(Root, "/d");
    }

    [Fact]
    public async Task A_sparse_file_takes_room_only_where_it_was_written()
    {
        await fixture.WriteAsync("/s", "");
        await fixture.Files.ChangeAsync(Root, "/s", new AttributeChange { Size = 900_000 });
        var node = await fixture.Files.StatAsync(Root, "/s");
        await fixture.Tree.WriteAsync(node.Number, 500_000, "middle"u8.ToArray());
        Assert.Equal(4096, (await fixture.Tree.UsageAsync()).Used);
        Assert.Equal("\0middle\0"u8.ToArray(), (await fixture.Tree.ReadAsync(node.Number, 499_999, 8)).ToArray());
        await fixture.Files.ChangeAsync(Root, "/s", new AttributeChange { Size = 500_003 });
        await fixture.Files.ChangeAsync(Root, "/s", new AttributeChange { Size = 500_006 });
        Assert.Equal("mid\0\0\0"u8.ToArray(), (await fixture.Tree.ReadAsync(node.Number, 500_000, 100)).ToArray());
    }

    [Fact]
    public async Task A_layer_changes_its_own_copy_and_never_the_image()
    {
        var image = new ImageBuilder().File("/etc/f", "image").File("/etc/gone", "x").Build();
        var one = new FileSystem(new MemoryTree(1 << 20, fixture.Clock, image));
        var other = new FileSystem(new MemoryTree(1 << 20, fixture.Clock, image));
        var file = await one.OpenAsync(Root, "/etc/f", OpenMode.Write | OpenMode.Append);
        await file.WriteAsync("+"u8.ToArray(), CancellationToken.None);
        await one.RemoveFileAsync(Root, "/etc/gone");
        await one.MakeDirectoryAsync(Root, "/etc/new");

        Assert.Equal("image+"u8.ToArray(), await one.ReadAllAsync(Root, "/etc/f", 100));
        Assert.Equal("image"u8.ToArray(), await other.ReadAllAsync(Root, "/etc/f", 100));
        Assert.Equal(["f", "new"], (await one.ListAsync(Root, "/etc")).Select(entry => entry.Name));
        Assert.Equal(["f", "gone"], (await other.ListAsync(Root, "/etc")).Select(entry => entry.Name));
        Assert.Equal(0, (await ((MemoryTree)other.Root).UsageAsync()).UsedNodes);
    }

    [Fact]
    public async Task A_layer_that_nobody_wrote_to_costs_a_few_hundred_bytes()
    {
        var image = BaseImage.Of(["sh", "ls"]);
        var layers = new FileSystem[1000];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < layers.Length; index++)
        {
            layers[index] = new FileSystem(new MemoryTree(1 << 20, fixture.Clock, image));
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / layers.Length, 1, 1000);
        Assert.NotEmpty(await layers[0].ListAsync(Root, "/bin"));
    }

    [Fact]
    public async Task An_open_file_lives_on_after_its_last_name()
    {
        await fixture.WriteAsync("/f", "kept");
        var file = await fixture.Files.OpenAsync(Root, "/f", OpenMode.Read);
        await fixture.Files.RemoveFileAsync(Root, "/f");
        var buffer = new byte[10];
        Assert.Equal(4, await file.ReadAsync(buffer, CancellationToken.None));
        Assert.Equal(4096, (await fixture.Tree.UsageAsync()).Used);
        await file.CloseAsync();
        Assert.Equal((0, 0), ((await fixture.Tree.UsageAsync()).Used, (await fixture.Tree.UsageAsync()).UsedNodes - 1));
    }

    [Fact]
    public async Task Reading_sets_the_access_time_once_after_a_change()
    {
        await fixture.WriteAsync("/f", "x");
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.ReadAsync("/f");
        var first = (await fixture.Files.StatAsync(Root, "/f")).Accessed;
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.ReadAsync("/f");
        Assert.Equal(fixture.Clock.GetUtcNow().AddMinutes(-1).UtcDateTime, first);
        Assert.Equal(first, (await fixture.Files.StatAsync(Root, "/f")).Accessed);
    }
}
