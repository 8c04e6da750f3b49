namespace Orleans.StatefulSets.Grains.Files;

/// <summary>What durable trees are called: by whose files they are.</summary>
internal static class TreeNames
{
    private const string Volumes = "volume/";
    private const string Nodes = "node/";
    private const string EmptyDirs = "emptydir/";

    /// <summary>The files of a PersistentVolume.</summary>
    public static string OfVolume(string uid) => Volumes + uid;

    /// <summary>The files of a node itself, which hostPath volumes show.</summary>
    public static string OfNode(string name) => Nodes + name;

    /// <summary>An emptyDir of a pod.</summary>
    public static string OfEmptyDir(string podUid, string volume) => $"{EmptyDirs}{podUid}/{volume}";

    /// <summary>The uid of a tree's PersistentVolume; null for other trees.</summary>
    public static string? VolumeOf(string tree) => After(Volumes, tree);

    /// <summary>The name of a tree's node; null for other trees.</summary>
    public static string? NodeOf(string tree) => After(Nodes, tree);

    /// <summary>The uid of a tree's pod; null for other trees.</summary>
    public static string? PodOf(string tree) => After(EmptyDirs, tree)?.Split('/')[0];

    private static string? After(string start, string tree) => tree.StartsWith(start, StringComparison.Ordinal) ? tree[start.Length..] : null;
}
