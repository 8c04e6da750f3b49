namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>A tree, or a part of one, at a path of a container.</summary>
/// <param name="path">Where, absolute and without links.</param>
/// <param name="tree">What.</param>
/// <param name="readOnly">Writing gives EROFS.</param>
/// <param name="subPath">The folder or file of the tree that is mounted; empty for all of it. Made as a folder where it is missing, as the kubelet does.</param>
public sealed class Mount(string path, IFileTree tree, bool readOnly, string subPath)
{
    private long? root;

    /// <summary>Where it is mounted.</summary>
    public string Path => path;

    /// <summary>What is mounted.</summary>
    public IFileTree Tree => tree;

    /// <summary>Whether writing gives EROFS.</summary>
    public bool ReadOnly => readOnly;

    /// <summary>The part of the tree.</summary>
    public string SubPath => subPath;

    /// <summary>The inode that stands at the path: bound once, so a subPath does not follow what a ConfigMap becomes later.</summary>
    internal async ValueTask<FileNode> RootAsync() => await tree.GetAsync(root ??= await SubPathWalk.ResolveAsync(tree, subPath));

    internal void RequireWritable(Caller by)
    {
        if (readOnly)
        {
            throw new FileException(Errno.EROFS);
        }

        if (path == "/" && by.Files?.Layer is { } layer)
        {
            layer.IsChanged = true;
        }
    }
}

/// <summary>Finds a subPath's inode inside its tree; links lead nowhere outside of it.</summary>
internal static class SubPathWalk
{
    private const int MostLinks = 40;

    /// <summary>What a name in a directory names, made where it is missing. Somebody else may make it at the same moment, who uses the same tree.</summary>
    public static async ValueTask<FileNode> FindOrMakeAsync(IFileTree tree, long directory, string name, NewNode made)
    {
        while (true)
        {
            if (await tree.LookUpAsync(directory, name) is { } node)
            {
                return node;
            }

            try
            {
                return await tree.CreateAsync(directory, name, made);
            }
            catch (FileException failure) when (failure.Code == Errno.EEXIST)
            {
                // It is there now.
            }
        }
    }

    public static async ValueTask<long> ResolveAsync(IFileTree tree, string subPath)
    {
        var parents = new Stack<FileNode>([await tree.GetAsync(tree.Root)]);
        var rest = new Stack<string>(subPath.Split('/').Reverse());
        for (var links = 0; rest.TryPop(out var name);)
        {
            var directory = parents.Peek();
            if (name is "" or ".")
            {
                continue;
            }

            if (name == "..")
            {
                _ = parents.Count > 1 ? parents.Pop() : null;
                continue;
            }

            var node = await FindOrMakeAsync(tree, directory.Number, name, new NewNode(FileKind.Directory, directory.Mode, directory.Uid, directory.Gid));
            if (node.Kind == FileKind.SymbolicLink)
            {
                if (++links > MostLinks)
                {
                    throw new FileException(Errno.ELOOP);
                }

                foreach (var part in node.Target!.Split('/').Reverse())
                {
                    rest.Push(part);
                }

                continue;
            }

            parents.Push(node);
        }

        return parents.Peek().Number;
    }
}
