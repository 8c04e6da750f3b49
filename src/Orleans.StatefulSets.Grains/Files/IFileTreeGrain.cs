using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>
/// A durable tree of files, named by its key (<see cref="TreeNames"/>): its one writer. It lives near who uses it first, holds the tree in
/// memory and writes it through to the store. Calls are those of <see cref="IFileTree"/>; an error is part of the answer.
/// </summary>
[Alias("file-tree")]
public interface IFileTreeGrain : IGrainWithStringKey
{
    /// <summary>Lets a holder use the tree, which is made where it is missing; committed when it returns.</summary>
    /// <returns>The holder's attach epoch; asked again from the same silo, the same one.</returns>
    [Alias("attach")]
    Task<TreeReply<long>> Attach(AttachRequest request);

    /// <summary>Ends a holder's use, and with it what it holds open. What was written is committed when it returns.</summary>
    [Alias("detach")]
    Task<TreeReply<bool>> Detach(string holder);

    /// <summary>The same, unless the holder has attached anew from elsewhere: who closes late takes nothing from who came after him.</summary>
    [Alias("detach-origin")]
    Task<TreeReply<bool>> DetachOrigin(string holder, string origin);

    /// <summary>Deletes the tree with all its files.</summary>
    [Alias("delete")]
    [ResponseTimeout("00:05:00")]
    Task<TreeReply<bool>> Delete();

    /// <inheritdoc cref="IFileTree.GetAsync"/>
    [Alias("get")]
    Task<TreeReply<FileNode>> Get(TreeCaller caller, long node);

    /// <inheritdoc cref="IFileTree.LookUpAsync"/>
    [Alias("look-up")]
    Task<TreeReply<FileNode>> LookUp(TreeCaller caller, long directory, string name);

    /// <summary>A portion of a directory's names in ordinal order, after a name (or "").</summary>
    [Alias("list")]
    Task<TreeReply<ListedNames>> List(TreeCaller caller, long directory, string after);

    /// <inheritdoc cref="IFileTree.CreateAsync"/>
    [Alias("create")]
    Task<TreeReply<FileNode>> Create(TreeCaller caller, long directory, string name, NewNode made);

    /// <inheritdoc cref="IFileTree.LinkAsync"/>
    [Alias("link")]
    Task<TreeReply<FileNode>> Link(TreeCaller caller, long node, long directory, string name);

    /// <inheritdoc cref="IFileTree.RemoveAsync"/>
    [Alias("remove")]
    Task<TreeReply<bool>> Remove(TreeCaller caller, long directory, string name, bool isDirectory);

    /// <inheritdoc cref="IFileTree.RenameAsync"/>
    [Alias("rename")]
    Task<TreeReply<bool>> Rename(TreeCaller caller, long directory, string name, long newDirectory, string newName);

    /// <inheritdoc cref="IFileTree.ChangeAsync"/>
    [Alias("change")]
    Task<TreeReply<FileNode>> Change(TreeCaller caller, long node, [Immutable] AttributeChange change);

    /// <inheritdoc cref="IFileTree.ReadAsync"/>
    [Alias("read")]
    Task<TreeReply<ReadOnlyMemory<byte>>> Read(TreeCaller caller, long node, long offset, int count);

    /// <inheritdoc cref="IFileTree.WriteAsync"/>
    [Alias("write")]
    Task<TreeReply<long>> Write(TreeCaller caller, long node, long? offset, [Immutable] ReadOnlyMemory<byte> bytes);

    /// <inheritdoc cref="IFileTree.HoldAsync"/>
    [Alias("hold")]
    Task<TreeReply<bool>> Hold(TreeCaller caller, long node);

    /// <inheritdoc cref="IFileTree.ReleaseAsync"/>
    [Alias("release")]
    Task<TreeReply<bool>> Release(TreeCaller caller, long node);

    /// <summary>Returns when everything up to these positions is committed, or lost.</summary>
    [Alias("flush")]
    Task<TreeReply<FlushResult>> Flush(TreeCaller caller, [Immutable] TreePosition[] written);

    /// <inheritdoc cref="IFileTree.UsageAsync"/>
    [Alias("usage")]
    Task<TreeReply<TreeUsage>> Usage(TreeCaller caller);
}
