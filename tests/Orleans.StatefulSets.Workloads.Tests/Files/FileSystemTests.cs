using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Text;
using static Orleans.StatefulSets.Workloads.Tests.Files.FileSystemFixture;

namespace Orleans.StatefulSets.Workloads.Tests.Files;

public sealed class FileSystemTests
{
    private readonly FileSystemFixture fixture = new();

    private FileSystem Files => fixture.Files;

    [Fact]
    public async Task What_is_written_is_read()
    {
        await fixture.WriteAsync("/a", "hello");
        Assert.Equal("hello", await fixture.ReadAsync("/a"));
        Assert.Equal(5, (await Files.StatAsync(Root, "/a")).Size);
        Assert.Equal(0x1A4, (await Files.StatAsync(Root, "a")).Mode);
    }

    [Fact]
    public async Task A_link_leads_across_a_mount_and_dots_lead_back()
    {
        var volume = new MemoryTree(1 << 20, fixture.Clock);
        Files.Mount("/data/volume", volume);
        await fixture.WriteAsync("/data/volume/f", "x");
        await Files.MakeSymbolicLinkAsync(Root, "../data/volume/./f", "/tmp-link");
        await Files.MakeSymbolicLinkAsync(Root, "volume", "/data/short");
        await Files.MakeSymbolicLinkAsync(Root, "../outside", "/data/volume/out");
        await fixture.WriteAsync("/data/outside", "o");

        Assert.Equal("x", await fixture.ReadAsync("/tmp-link"));
        Assert.Equal("x", await fixture.ReadAsync("/data/short/f"));
        Assert.Equal("o", await fixture.ReadAsync("/data/volume/out"));
        Assert.Equal("/data/volume/f", await Files.RealPathAsync(Root, "/tmp-link"));
        Assert.Equal(["outside", "short", "volume"], (await Files.ListAsync(Root, "/data")).Select(entry => entry.Name));
        Assert.NotNull(await volume.LookUpAsync(volume.Root, "f"));
    }

    [Fact]
    public async Task A_mount_point_neither_moves_nor_goes_and_links_stay_in_their_tree()
    {
        Files.Mount("/v", new MemoryTree(1 << 20, fixture.Clock));
        await fixture.WriteAsync("/v/f", "x");
        await FailsAsync(Errno.EBUSY, () => Files.RemoveDirectoryAsync(Root, "/v"));
        await FailsAsync(Errno.EBUSY, () => Files.RenameAsync(Root, "/v", "/w"));
        await FailsAsync(Errno.EXDEV, () => Files.RenameAsync(Root, "/v/f", "/f"));
        await FailsAsync(Errno.EXDEV, () => Files.LinkAsync(Root, "/v/f", "/f"));
    }

    [Fact]
    public async Task A_read_only_mount_is_read_and_never_written()
    {
        var tree = new MemoryTree(1 << 20, fixture.Clock);
        await tree.CreateAsync(tree.Root, "f", new NewNode(FileKind.Regular, 0x1B6, 0, 0));
        Files.Mount("/ro", tree, readOnly: true);
        Assert.Equal("", await fixture.ReadAsync("/ro/f"));
        await FailsAsync(Errno.EROFS, () => new(fixture.WriteAsync("/ro/f", "x")));
        await FailsAsync(Errno.EROFS, () => Files.MakeDirectoryAsync(Root, "/ro/d"));
        await FailsAsync(Errno.EROFS, () => Files.RemoveFileAsync(Root, "/ro/f"));
        await FailsAsync(Errno.EROFS, async () => await Files.ChangeAsync(Root, "/ro/f", new AttributeChange { Mode = 0 }));
        Assert.False(await Files.AccessAsync(Root, "/ro/f", AccessMode.Write));
    }

    [Fact]
    public async Task A_subPath_shows_a_part_and_may_be_a_file_behind_a_link()
    {
        var tree = new MemoryTree(1 << 20, fixture.Clock);
        var whole = new FileSystem(tree);
        await whole.MakeDirectoryAsync(Root, "/..data");
        await whole.WriteAllAsync(Root, "/..data/key", "v"u8.ToArray());
        await whole.MakeSymbolicLinkAsync(Root, "..data/key", "/key");
        Files.Mount("/etc/app/key", tree, readOnly: true, subPath: "key");
        Files.Mount("/made", tree, subPath: "new/folder");

        Assert.Equal("v", await fixture.ReadAsync("/etc/app/key"));
        await fixture.WriteAsync("/made/f", "there");
        Assert.Equal("there"u8.ToArray(), await whole.ReadAllAsync(Root, "/new/folder/f", 100));
    }

    [Fact]
    public async Task Modes_let_owner_group_and_others_do_what_they_say_and_root_everything()
    {
        await Files.MakeDirectoryAsync(Root, "/d");
        await fixture.WriteAsync("/d/f", "secret");
        await Files.ChangeAsync(Root, "/d/f", new AttributeChange { Uid = 1, Gid = 50, Mode = 0x1A0 }); // 640
        Assert.Equal("secret", await fixture.ReadAsync("/d/f", User(1)));
        Assert.Equal("secret", await fixture.ReadAsync("/d/f", User(2, 9, 50)));
        await FailsAsync(Errno.EACCES, () => new(fixture.ReadAsync("/d/f", User(2, 9))));
        await FailsAsync(Errno.EACCES, () => new(fixture.WriteAsync("/d/f", "x", User(2, 9, 50))));
        await Files.ChangeAsync(Root, "/d", new AttributeChange { Mode = 0x1C0 }); // 700
        await FailsAsync(Errno.EACCES, async () => await Files.StatAsync(User(1), "/d/f"));
        Assert.Equal("secret", await fixture.ReadAsync("/d/f"));
        Assert.False(await Files.AccessAsync(Root, "/d/f", AccessMode.Execute));
        await FailsAsync(Errno.EPERM, async () => await Files.ChangeAsync(User(2), "/d", new AttributeChange { Mode = 0x1FF }));
        await FailsAsync(Errno.EPERM, async () => await Files.ChangeAsync(User(2), "/d", new AttributeChange { Uid = 2 }));
    }

    [Fact]
    public async Task In_a_sticky_directory_one_takes_off_only_what_is_ones_own()
    {
        await Files.MakeDirectoryAsync(Root, "/t");
        await Files.ChangeAsync(Root, "/t", new AttributeChange { Mode = 0x3FF });
        await fixture.WriteAsync("/t/f", "x", User(1));
        await FailsAsync(Errno.EPERM, () => Files.RemoveFileAsync(User(2), "/t/f"));
        await FailsAsync(Errno.EPERM, () => Files.RenameAsync(User(2), "/t/f", "/t/g"));
        await Files.RemoveFileAsync(User(1), "/t/f");
    }

    [Fact]
    public async Task A_set_group_directory_hands_its_group_down()
    {
        await Files.MakeDirectoryAsync(Root, "/g");
        await Files.ChangeAsync(Root, "/g", new AttributeChange { Gid = 2000, Mode = 0x5FF });
        await Files.MakeDirectoryAsync(User(7, 7), "/g/sub");
        await fixture.WriteAsync("/g/sub/f", "", User(7, 7));
        Assert.Equal((2000, 0x5ED), ((await Files.StatAsync(Root, "/g/sub")).Gid, (await Files.StatAsync(Root, "/g/sub")).Mode));
        Assert.Equal((7, 2000), ((await Files.StatAsync(Root, "/g/sub/f")).Uid, (await Files.StatAsync(Root, "/g/sub/f")).Gid));
    }

    [Theory]
    [InlineData("/f/x", OpenMode.Read, Errno.ENOTDIR)]
    [InlineData("/none", OpenMode.Read, Errno.ENOENT)]
    [InlineData("/none/x", OpenMode.Write | OpenMode.Create, Errno.ENOENT)]
    [InlineData("", OpenMode.Read, Errno.ENOENT)]
    [InlineData("/f/", OpenMode.Read, Errno.ENOTDIR)]
    [InlineData("/d", OpenMode.Write, Errno.EISDIR)]
    [InlineData("/f", OpenMode.Read | OpenMode.Directory, Errno.ENOTDIR)]
    [InlineData("/f", OpenMode.Write | OpenMode.Create | OpenMode.Exclusive, Errno.EEXIST)]
    [InlineData("/loop", OpenMode.Read, Errno.ELOOP)]
    [InlineData("/loop", OpenMode.Read | OpenMode.NoFollow, Errno.ELOOP)]
    [InlineData("/missing-device", OpenMode.Read, Errno.ENXIO)]
    public async Task Opening_fails_as_open_2_does(string path, OpenMode mode, Errno code)
    {
        await fixture.WriteAsync("/f", "x");
        await Files.MakeDirectoryAsync(Root, "/d");
        await Files.MakeSymbolicLinkAsync(Root, "/loop", "/loop");
        await fixture.Tree.CreateAsync(1, "missing-device", new NewNode(FileKind.CharacterDevice, 0x1B6, 0, 0, "tty"));
        await FailsAsync(code, async () => await Files.OpenAsync(Root, path, mode));
    }

    [Fact]
    public async Task Names_and_paths_have_their_longest()
    {
        await FailsAsync(Errno.ENAMETOOLONG, () => Files.MakeDirectoryAsync(Root, "/" + new string('a', 256)));
        await Files.MakeDirectoryAsync(Root, "/" + new string('a', 255));
        await FailsAsync(Errno.ENAMETOOLONG, () => Files.MakeDirectoryAsync(Root, string.Concat(Enumerable.Repeat("/a", 2048))));
    }

    [Fact]
    public async Task Creating_through_a_dangling_link_makes_its_target()
    {
        await Files.MakeSymbolicLinkAsync(Root, "target", "/link");
        await fixture.WriteAsync("/link", "x");
        Assert.Equal("x", await fixture.ReadAsync("/target"));
    }

    [Fact]
    public async Task Devices_swallow_fill_and_refuse()
    {
        var files = new FileSystem(new MemoryTree(1 << 20, fixture.Clock, BaseImage.Of(["sh"]))) { RandomSeed = 3 };
        Assert.Empty(await files.ReadAllAsync(Root, "/dev/null", 10));
        var zero = await files.OpenAsync(Root, "/dev/zero", OpenMode.Read);
        var random = await files.OpenAsync(Root, "/dev/urandom", OpenMode.Read);
        var buffer = new byte[16];
        buffer[3] = 1;
        Assert.Equal(16, await zero.ReadAsync(buffer, CancellationToken.None));
        Assert.All(buffer, value => Assert.Equal(0, value));
        await random.ReadAsync(buffer, CancellationToken.None);
        Assert.Contains(buffer, value => value != 0);
        await FailsAsync(Errno.ENOSPC, () => files.WriteAllAsync(Root, "/dev/full", new byte[1]));
        await FailsAsync(Errno.ENXIO, async () => await files.OpenAsync(Root, "/dev/tty", OpenMode.Read));
        Assert.Equal("#!emulated sh\n", ByteText.FromBytes(await files.ReadAllAsync(Root, "/bin/sh", 100)));
        Assert.True(await files.AccessAsync(User(5), "/bin/sh", AccessMode.Execute));
    }
}
