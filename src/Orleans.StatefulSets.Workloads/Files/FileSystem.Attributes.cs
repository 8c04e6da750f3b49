namespace Orleans.StatefulSets.Workloads.Files;

/// <content>Asking after files, and changing their attributes.</content>
public sealed partial class FileSystem
{
    /// <summary>Attributes (<c>stat(2)</c>, <c>lstat(2)</c>).</summary>
    public async ValueTask<FileNode> StatAsync(Caller by, string path, bool follow = true) => (await FindAsync(by, path, follow)).Node;

    /// <summary>Attributes, the mount that the file is in, and its path without links.</summary>
    public async ValueTask<(FileNode Node, Mount Mount, string Path)> LocateAsync(Caller by, string path, bool follow = true)
    {
        var place = await FindAsync(by, path, follow);
        return (place.Node, place.Mount, place.Path);
    }

    /// <summary>A directory's names in ordinal order, without <c>.</c> and <c>..</c>; a mount point is shown as what is mounted.</summary>
    public async ValueTask<IReadOnlyList<DirectoryEntry>> ListAsync(Caller by, string path)
    {
        var place = await FindAsync(by, path, follow: true);
        if (!place.Node.IsDirectory)
        {
            throw new FileException(Errno.ENOTDIR);
        }

        Permissions.Require(place.Node, by.Credentials, AccessMode.Read);
        var entries = await place.Tree.ListAsync(place.Node.Number);
        return place.Below is null ? entries : await WithMountsAsync(place.Below, entries);
    }

    /// <summary>Whether a file is there and its mode lets the caller do something (<c>access(2)</c>).</summary>
    /// <exception cref="FileException">Only for what is no answer: ELOOP, ENAMETOOLONG.</exception>
    public async ValueTask<bool> AccessAsync(Caller by, string path, AccessMode mode)
    {
        try
        {
            var place = await FindAsync(by, path, follow: true);
            return Permissions.Allow(place.Node, by.Credentials, mode)
                && !(mode.HasFlag(AccessMode.Write) && place.Mount.ReadOnly && place.Node.Kind != FileKind.CharacterDevice);
        }
        catch (FileException failure) when (failure.Code is Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES)
        {
            return false;
        }
    }

    /// <summary>Where a symbolic link points; EINVAL for anything else.</summary>
    public async ValueTask<string> ReadLinkAsync(Caller by, string path)
    {
        var node = (await FindAsync(by, path, follow: false)).Node;
        return node.Kind == FileKind.SymbolicLink ? node.Target! : throw new FileException(Errno.EINVAL);
    }

    /// <summary>Changes mode, owner, group, size or times.</summary>
    /// <exception cref="FileException">EPERM, EACCES, EROFS, EISDIR …</exception>
    public async ValueTask<FileNode> ChangeAsync(Caller by, string path, AttributeChange change, bool follow = true)
    {
        var place = await FindAsync(by, path, follow);
        place.Mount.RequireWritable(by);
        if (change.Size is not null && place.Node.IsDirectory)
        {
            throw new FileException(Errno.EISDIR);
        }

        return await place.Tree.ChangeAsync(place.Node.Number, Permissions.Checked(place.Node, by.Credentials, change));
    }

    /// <summary>The absolute path without links, <c>.</c> and <c>..</c>; all of it must be there.</summary>
    public async ValueTask<string> RealPathAsync(Caller by, string path) => (await FindAsync(by, path, follow: true)).Path;

    private static async ValueTask<IReadOnlyList<DirectoryEntry>> WithMountsAsync(MountPoint below, IReadOnlyList<DirectoryEntry> entries)
    {
        var all = new SortedDictionary<string, FileNode>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            all[entry.Name] = entry.Node;
        }

        foreach (var (name, point) in below.Below)
        {
            if (point.Mount is { } mount)
            {
                all[name] = await mount.RootAsync();
            }
        }

        return [.. all.Select(entry => new DirectoryEntry(entry.Key, entry.Value))];
    }
}
