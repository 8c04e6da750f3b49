using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Files;

/// <content>Opening files, and reading and writing whole ones.</content>
public sealed partial class FileSystem
{
    private const int Chunk = 65_536;

    /// <summary>Opens a file, by the rules of <c>open(2)</c>.</summary>
    /// <param name="by">For whom.</param>
    /// <param name="path">Absolute, or relative to the working directory.</param>
    /// <param name="mode">How.</param>
    /// <param name="permissions">Of a file that is made, before the umask.</param>
    /// <exception cref="FileException">ENOENT, EACCES, EEXIST, EISDIR, ENOTDIR, ELOOP, EROFS, ENOSPC, ENXIO …</exception>
    public async ValueTask<IOpenFile> OpenAsync(Caller by, string path, OpenMode mode, int permissions = 0x1B6)
    {
        var exclusive = mode.HasFlag(OpenMode.Create | OpenMode.Exclusive);
        var creates = mode.HasFlag(OpenMode.Create);
        var end = await WalkAsync(by, path, !exclusive && !mode.HasFlag(OpenMode.NoFollow) && !(creates && path.EndsWith('/')));
        if (creates && end.MustBeDirectory)
        {
            throw new FileException(Errno.EISDIR);
        }

        if (end.Found is null && creates)
        {
            var made = await CreateAsync(by, end.Directory, end.Name, FileKind.Regular, permissions & ~by.Umask, null);
            return await HeldAsync(end.Directory.Tree, made, mode);
        }

        var place = end.Found ?? throw new FileException(Errno.ENOENT);
        var node = place.Node;
        RequireKind(node, end, mode, exclusive);
        Permissions.Require(node, by.Credentials, Wanted(mode));
        if (node.Kind == FileKind.CharacterDevice)
        {
            return Devices.Open(node.Target ?? "", by, RandomSeed + randomOpened++);
        }

        if (node.Kind == FileKind.NamedPipe)
        {
            throw new FileException(Errno.ENXIO);
        }

        if ((mode & (OpenMode.Write | OpenMode.Truncate)) != 0)
        {
            place.Mount.RequireWritable(by);
        }

        if (mode.HasFlag(OpenMode.Truncate) && node.Size > 0)
        {
            await place.Tree.ChangeAsync(node.Number, new AttributeChange { Size = 0 });
        }

        return await HeldAsync(place.Tree, node, mode);
    }

    /// <summary>A whole file's bytes.</summary>
    /// <exception cref="FileException">EFBIG where it has more than <paramref name="most"/>.</exception>
    public async ValueTask<byte[]> ReadAllAsync(Caller by, string path, int most)
    {
        var file = await OpenAsync(by, path, OpenMode.Read);
        try
        {
            var bytes = new MemoryStream();
            var buffer = new byte[Chunk];
            int read;
            while ((read = await file.ReadAsync(buffer, CancellationToken.None)) > 0)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > most)
                {
                    throw new FileException(Errno.EFBIG);
                }
            }

            return bytes.ToArray();
        }
        finally
        {
            await file.CloseAsync();
        }
    }

    /// <summary>Makes a file hold exactly these bytes.</summary>
    public async ValueTask WriteAllAsync(Caller by, string path, ReadOnlyMemory<byte> bytes, int permissions = 0x1B6)
    {
        var file = await OpenAsync(by, path, OpenMode.Write | OpenMode.Create | OpenMode.Truncate, permissions);
        try
        {
            await file.WriteAsync(bytes, CancellationToken.None);
        }
        finally
        {
            await file.CloseAsync();
        }
    }

    private static void RequireKind(FileNode node, WalkEnd end, OpenMode mode, bool exclusive)
    {
        if (exclusive)
        {
            throw new FileException(Errno.EEXIST);
        }

        if (node.Kind == FileKind.SymbolicLink)
        {
            throw new FileException(Errno.ELOOP);
        }

        if (!node.IsDirectory && (mode.HasFlag(OpenMode.Directory) || end.MustBeDirectory))
        {
            throw new FileException(Errno.ENOTDIR);
        }

        if (node.IsDirectory && (mode & (OpenMode.Write | OpenMode.Create | OpenMode.Truncate)) != 0)
        {
            throw new FileException(Errno.EISDIR);
        }
    }

    private static AccessMode Wanted(OpenMode mode) =>
        (mode.HasFlag(OpenMode.Read) ? AccessMode.Read : 0) | ((mode & (OpenMode.Write | OpenMode.Truncate)) != 0 ? AccessMode.Write : 0);

    private static async ValueTask<IOpenFile> HeldAsync(IFileTree tree, FileNode node, OpenMode mode)
    {
        await tree.HoldAsync(node.Number);
        return new RegularFile(tree, node, mode);
    }
}
