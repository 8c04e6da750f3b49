namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>
/// One tree of files, addressed by inode: a container's own layer, an emptyDir, a PersistentVolume, the files of a ConfigMap. A container
/// mounts several of them (<see cref="FileSystem"/> walks paths and checks permissions). The tree may live elsewhere, so every call can
/// wait; each call is atomic, and a failure is a <see cref="FileException"/> that changed nothing.
/// </summary>
public interface IFileTree
{
    /// <summary>The inode of the tree's root directory.</summary>
    long Root { get; }

    /// <summary>An inode's attributes.</summary>
    ValueTask<FileNode> GetAsync(long node);

    /// <summary>What a name in a directory names, or null. <c>.</c> and <c>..</c> are not asked.</summary>
    ValueTask<FileNode?> LookUpAsync(long directory, string name);

    /// <summary>A directory's names in ordinal order.</summary>
    ValueTask<IReadOnlyList<DirectoryEntry>> ListAsync(long directory);

    /// <summary>Makes a new thing with a new name (EEXIST where the name is taken).</summary>
    ValueTask<FileNode> CreateAsync(long directory, string name, NewNode made);

    /// <summary>Gives an inode another name.</summary>
    ValueTask<FileNode> LinkAsync(long node, long directory, string name);

    /// <summary>Takes a name off. A directory must be empty; what has no name and is not held goes, with its bytes.</summary>
    /// <param name="directory">Where the name stands.</param>
    /// <param name="name">The name.</param>
    /// <param name="isDirectory">Whether a directory is meant (<c>rmdir</c>: ENOTDIR otherwise) or anything else (<c>unlink</c>: EISDIR).</param>
    ValueTask RemoveAsync(long directory, string name, bool isDirectory);

    /// <summary>Moves a name, replacing what has the new one, by the rules of <c>rename(2)</c>.</summary>
    ValueTask RenameAsync(long directory, string name, long newDirectory, string newName);

    /// <summary>Changes attributes.</summary>
    ValueTask<FileNode> ChangeAsync(long node, AttributeChange change);

    /// <summary>Reads at most <paramref name="count"/> bytes from an offset; nothing at the end.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(long node, long offset, int count);

    /// <summary>Writes all bytes at an offset (null: at the end, as one step with others that append), or none of them.</summary>
    /// <returns>The offset behind what was written.</returns>
    ValueTask<long> WriteAsync(long node, long? offset, ReadOnlyMemory<byte> bytes);

    /// <summary>Keeps an inode alive while a process has it open, whatever becomes of its names.</summary>
    ValueTask HoldAsync(long node);

    /// <summary>Ends one <see cref="HoldAsync"/>.</summary>
    ValueTask ReleaseAsync(long node);

    /// <summary>Returns when everything written so far would survive the end of every silo; at once where that is not promised.</summary>
    ValueTask FlushAsync();

    /// <summary>How full it is.</summary>
    ValueTask<TreeUsage> UsageAsync();
}
