namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>Where a path led: an inode, the mount that it is in, and the way there.</summary>
/// <param name="Parent">The directory it was found in; null at the root.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Mount">The mount that it is in.</param>
/// <param name="Node">What it is.</param>
/// <param name="Below">The mounts at and below this path, where there are any.</param>
internal sealed record Place(Place? Parent, string Name, Mount Mount, FileNode Node, MountPoint? Below)
{
    public IFileTree Tree => Mount.Tree;

    /// <summary>Whether something is mounted exactly here.</summary>
    public bool IsMountPoint => Below?.Mount is not null;

    public string Path
    {
        get
        {
            var names = new Stack<string>();
            for (var place = this; place.Parent is not null; place = place.Parent)
            {
                names.Push(place.Name);
            }

            return "/" + string.Join('/', names);
        }
    }
}

/// <summary>The mounts as a tree of names, so that a walk asks for them without spelling paths.</summary>
internal sealed class MountPoint
{
    private readonly SortedDictionary<string, MountPoint> below = new(StringComparer.Ordinal);

    public Mount? Mount { get; set; }

    public IEnumerable<KeyValuePair<string, MountPoint>> Below => below;

    public MountPoint? Find(string name) => below.GetValueOrDefault(name);

    public MountPoint FindOrAdd(string name)
    {
        if (!below.TryGetValue(name, out var point))
        {
            below[name] = point = new MountPoint();
        }

        return point;
    }
}

/// <summary>The end of a walk: the directory and the name in it that the path names, and what is there.</summary>
/// <param name="Directory">Where the last name stands.</param>
/// <param name="Name">The last name; <c>.</c>, <c>..</c> or <c>/</c> where the path ends so.</param>
/// <param name="Found">What is there, or null.</param>
/// <param name="MustBeDirectory">The path ended with a slash.</param>
internal readonly record struct WalkEnd(Place Directory, string Name, Place? Found, bool MustBeDirectory)
{
    public bool IsPlainName => Name is not ("." or ".." or "/");
}
