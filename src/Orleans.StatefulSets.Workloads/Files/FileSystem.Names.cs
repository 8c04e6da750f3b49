namespace Orleans.StatefulSets.Workloads.Files;

/// <content>Making, moving and taking off names.</content>
public sealed partial class FileSystem
{
    /// <summary>Makes a directory (<c>mkdir(2)</c>); permissions before the umask.</summary>
    public async ValueTask MakeDirectoryAsync(Caller by, string path, int permissions = 0x1FF)
    {
        var end = await WalkAsync(by, path, follow: false);
        RequireMissing(end, forDirectory: true);
        await CreateAsync(by, end.Directory, end.Name, FileKind.Directory, permissions & ~by.Umask, null);
    }

    /// <summary>Makes a symbolic link (<c>symlink(2)</c>).</summary>
    public async ValueTask MakeSymbolicLinkAsync(Caller by, string target, string path)
    {
        if (target.Length is 0 or > LongestPath)
        {
            throw new FileException(target.Length == 0 ? Errno.ENOENT : Errno.ENAMETOOLONG);
        }

        var end = await WalkAsync(by, path, follow: false);
        RequireMissing(end);
        await CreateAsync(by, end.Directory, end.Name, FileKind.SymbolicLink, 0x1FF, target);
    }

    /// <summary>Gives a file another name in the same tree (<c>link(2)</c>); links are not followed.</summary>
    public async ValueTask LinkAsync(Caller by, string from, string to)
    {
        var source = await FindAsync(by, from, follow: false);
        var end = await WalkAsync(by, to, follow: false);
        RequireMissing(end);
        if (source.Node.IsDirectory)
        {
            throw new FileException(Errno.EPERM);
        }

        RequireSameMount(source.Mount, end.Directory.Mount);
        RequireChangeable(by, end.Directory);
        await end.Directory.Tree.LinkAsync(source.Node.Number, end.Directory.Node.Number, end.Name);
    }

    /// <summary>Takes a name off that is no directory's (<c>unlink(2)</c>).</summary>
    public ValueTask RemoveFileAsync(Caller by, string path) => RemoveAsync(by, path, isDirectory: false);

    /// <summary>Takes an empty directory off (<c>rmdir(2)</c>).</summary>
    public ValueTask RemoveDirectoryAsync(Caller by, string path) => RemoveAsync(by, path, isDirectory: true);

    /// <summary>Moves a name, replacing what has the new one (<c>rename(2)</c>).</summary>
    public async ValueTask RenameAsync(Caller by, string from, string to)
    {
        var source = await WalkAsync(by, from, follow: false);
        var goal = await WalkAsync(by, to, follow: false);
        if (!source.IsPlainName || !goal.IsPlainName)
        {
            throw new FileException(Errno.EBUSY);
        }

        var moved = source.Found ?? throw new FileException(Errno.ENOENT);
        if (!moved.Node.IsDirectory && (source.MustBeDirectory || goal.MustBeDirectory))
        {
            throw new FileException(Errno.ENOTDIR);
        }

        RequireSameMount(source.Directory.Mount, goal.Directory.Mount);
        if (moved.IsMountPoint || goal.Found?.IsMountPoint == true)
        {
            throw new FileException(Errno.EBUSY);
        }

        RequireChangeable(by, source.Directory);
        RequireChangeable(by, goal.Directory);
        RequireTakeable(by, source.Directory, moved);
        if (goal.Found is { } replaced)
        {
            RequireTakeable(by, goal.Directory, replaced);
        }

        await source.Directory.Tree.RenameAsync(source.Directory.Node.Number, source.Name, goal.Directory.Node.Number, goal.Name);
    }

    private async ValueTask RemoveAsync(Caller by, string path, bool isDirectory)
    {
        var end = await WalkAsync(by, path, follow: false);
        if (!end.IsPlainName)
        {
            throw new FileException(!isDirectory ? Errno.EISDIR : end.Name switch { "." => Errno.EINVAL, ".." => Errno.ENOTEMPTY, _ => Errno.EBUSY });
        }

        var found = end.Found ?? throw new FileException(Errno.ENOENT);
        if (end.MustBeDirectory && !found.Node.IsDirectory)
        {
            throw new FileException(Errno.ENOTDIR);
        }

        RequireChangeable(by, end.Directory);
        RequireTakeable(by, end.Directory, found);
        if (found.IsMountPoint)
        {
            throw new FileException(Errno.EBUSY);
        }

        await end.Directory.Tree.RemoveAsync(end.Directory.Node.Number, end.Name, isDirectory);
    }

    private static async ValueTask<FileNode> CreateAsync(Caller by, Place directory, string name, FileKind kind, int mode, string? target)
    {
        RequireChangeable(by, directory);
        var inherits = (directory.Node.Mode & Permissions.SetGid) != 0;
        var made = new NewNode(kind, inherits && kind == FileKind.Directory ? mode | Permissions.SetGid : mode, by.Credentials.Uid, inherits ? directory.Node.Gid : by.Credentials.Gid, target);
        return await directory.Tree.CreateAsync(directory.Node.Number, name, made);
    }

    private static void RequireMissing(WalkEnd end, bool forDirectory = false)
    {
        if (end.Found is not null)
        {
            throw new FileException(Errno.EEXIST);
        }

        if (end.MustBeDirectory && !forDirectory)
        {
            throw new FileException(Errno.ENOENT);
        }
    }

    private static void RequireSameMount(Mount from, Mount to)
    {
        if (from != to)
        {
            throw new FileException(Errno.EXDEV);
        }
    }

    private static void RequireChangeable(Caller by, Place directory)
    {
        directory.Mount.RequireWritable(by);
        Permissions.Require(directory.Node, by.Credentials, AccessMode.Write | AccessMode.Execute);
    }

    private static void RequireTakeable(Caller by, Place directory, Place found)
    {
        if (!Permissions.MayTakeOff(directory.Node, found.Node, by.Credentials))
        {
            throw new FileException(Errno.EPERM);
        }
    }
}
