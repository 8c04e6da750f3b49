using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>Makes an image's files, from nothing or on top of another image. Folders on the way are made as they are needed.</summary>
public sealed class ImageBuilder
{
    private static readonly DateTime Built = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly Dictionary<long, MemoryInode> inodes;
    private long next;

    /// <param name="from">The image below; null for an empty one.</param>
    public ImageBuilder(ImageTree? from = null)
    {
        inodes = from?.Inodes.ToDictionary(inode => inode.Key, inode => inode.Value.Copy()) ?? [];
        next = from?.Next ?? 1;
        if (from is null)
        {
            Add(0, "", new NewNode(FileKind.Directory, 0x1ED, 0, 0));
        }
    }

    /// <summary>Makes a directory, or gives one that is there another mode and owner.</summary>
    public ImageBuilder Directory(string path, int mode = 0x1ED, int uid = 0, int gid = 0)
    {
        var inode = inodes[FindDirectory(path)];
        inode.Node = inode.Node with { Mode = mode, Uid = uid, Gid = gid };
        return this;
    }

    /// <summary>Makes a file, or replaces one; <paramref name="text"/> is ordinary text, stored as UTF-8.</summary>
    public ImageBuilder File(string path, string text, int mode = 0x1A4, int uid = 0, int gid = 0) =>
        File(path, ByteText.ToBytes(ByteText.FromText(text)), mode, uid, gid);

    /// <summary>Makes a file, or replaces one.</summary>
    public ImageBuilder File(string path, ReadOnlySpan<byte> bytes, int mode = 0x1A4, int uid = 0, int gid = 0)
    {
        var inode = Add(path, new NewNode(FileKind.Regular, mode, uid, gid));
        inode.Content!.Write(0, bytes);
        inode.Node = inode.Node with { Size = bytes.Length };
        return this;
    }

    /// <summary>An executable file that runs a program of the catalog.</summary>
    public ImageBuilder Program(string path, string program) => File(path, $"#!emulated {program}\n", 0x1ED);

    /// <summary>Makes a symbolic link.</summary>
    public ImageBuilder Link(string path, string target)
    {
        Add(path, new NewNode(FileKind.SymbolicLink, 0x1FF, 0, 0, target));
        return this;
    }

    /// <summary>Makes a character device: null, zero, full, random, urandom, tty, stdin, stdout, stderr.</summary>
    public ImageBuilder Device(string path, string name, int mode = 0x1B6)
    {
        Add(path, new NewNode(FileKind.CharacterDevice, mode, 0, 0, name));
        return this;
    }

    /// <summary>The image; what this builder does later does not change it.</summary>
    public ImageTree Build() => new(inodes.ToDictionary(inode => inode.Key, inode => inode.Value.Copy()), next);

    private MemoryInode Add(string path, NewNode made)
    {
        var slash = path.LastIndexOf('/');
        return Add(FindDirectory(path[..slash]), path[(slash + 1)..], made);
    }

    private MemoryInode Add(long directory, string name, NewNode made)
    {
        var size = made.Kind switch { FileKind.Directory => FileBlocks.BlockBytes, FileKind.SymbolicLink => made.Target!.Length, _ => 0 };
        var links = made.Kind == FileKind.Directory ? 2 : 1;
        var inode = new MemoryInode(new FileNode(next, made.Kind, made.Mode, made.Uid, made.Gid, size, links, Built, Built, Built, made.Target), directory);
        if (directory != 0)
        {
            var parent = inodes[directory];
            if (parent.Children.Remove(name, out var replaced))
            {
                inodes.Remove(replaced);
            }
            else if (made.Kind == FileKind.Directory)
            {
                parent.Node = parent.Node with { Links = parent.Node.Links + 1 };
            }

            parent.Children[name] = next;
        }

        inodes[next++] = inode;
        return inode;
    }

    private long FindDirectory(string path)
    {
        var at = 1L;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = inodes[at].Children.TryGetValue(name, out var child) ? child : Add(at, name, new NewNode(FileKind.Directory, 0x1ED, 0, 0)).Node.Number;
        }

        return at;
    }
}
