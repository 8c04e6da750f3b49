namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>The files of one container: a root tree and what is mounted in it. Walks paths, follows links, checks permissions.</summary>
public sealed partial class FileSystem
{
    private readonly MountPoint mountTree = new();
    private readonly SortedDictionary<string, Mount> mounts = new(StringComparer.Ordinal);
    private readonly List<Mount> unmade = [];
    private int randomOpened;
    private IFileTree[]? flushed;

    /// <param name="root">The container's own layer.</param>
    /// <param name="readOnlyRoot">The security context's <c>readOnlyRootFilesystem</c>.</param>
    public FileSystem(IFileTree root, bool readOnlyRoot = false)
    {
        Root = root;
        mountTree.Mount = mounts["/"] = new Mount("/", root, readOnlyRoot, "");
    }

    /// <summary>The container's own layer.</summary>
    public IFileTree Root { get; }

    /// <summary>What <c>/dev/random</c> of this container grows from.</summary>
    public int RandomSeed { get; init; }

    /// <summary>What is mounted, by path; the root first.</summary>
    public IReadOnlyCollection<Mount> Mounts => mounts.Values;

    /// <summary>
    /// Mounts a tree at an absolute path; of two at one path the later is seen. The mount point and the folders above it are made on
    /// first use, as the container runtime makes them.
    /// </summary>
    /// <param name="path">Absolute.</param>
    /// <param name="tree">What is mounted.</param>
    /// <param name="readOnly">Writing gives EROFS.</param>
    /// <param name="subPath">The part of the tree; it may be a file.</param>
    public void Mount(string path, IFileTree tree, bool readOnly = false, string subPath = "")
    {
        var point = mountTree;
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names)
        {
            point = point.FindOrAdd(name);
        }

        var mount = new Mount("/" + string.Join('/', names), tree, readOnly, subPath);
        mounts[mount.Path] = point.Mount = mount;
        unmade.Add(mount);
        flushed = null;
    }

    /// <summary>Returns when everything written so far to any mounted tree is safe (<see cref="IFileTree.FlushAsync"/>).</summary>
    public async ValueTask FlushAsync()
    {
        foreach (var tree in flushed ??= [.. mounts.Values.Select(mount => mount.Tree).Where(tree => tree is not MemoryTree).Distinct()])
        {
            await tree.FlushAsync();
        }
    }

    private async ValueTask MakeMountPointsAsync()
    {
        var making = unmade.OrderBy(mount => mount.Path.Length).ToList();
        unmade.Clear();
        foreach (var mount in making.Where(mount => mount.Path != "/"))
        {
            var kind = (await mount.RootAsync()).Kind;
            await MakeMountPointAsync(mount.Path.Split('/', StringSplitOptions.RemoveEmptyEntries), kind);
        }
    }

    /// <summary>Makes the missing folders on the way to a mount point, and it, in the trees that lie there.</summary>
    private async ValueTask MakeMountPointAsync(string[] names, FileKind kind)
    {
        var at = await RootPlaceAsync();
        for (var index = 0; index < names.Length && at.Node.IsDirectory; index++)
        {
            var last = index == names.Length - 1;
            var made = new NewNode(last && kind != FileKind.Directory ? FileKind.Regular : FileKind.Directory, last && kind != FileKind.Directory ? 0x1A4 : 0x1ED, 0, 0);
            var node = await SubPathWalk.FindOrMakeAsync(at.Tree, at.Node.Number, names[index], made);
            if (!last)
            {
                at = await ChildAsync(at, names[index]) ?? new Place(at, names[index], at.Mount, node, at.Below?.Find(names[index]));
            }
        }
    }
}
