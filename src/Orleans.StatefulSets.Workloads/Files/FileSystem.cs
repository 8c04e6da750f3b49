namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>The files of one container: a root tree and what is mounted in it. Walks paths, follows links, checks permissions.</summary>
/// <param name="root">The container's own layer.</param>
public sealed class FileSystem(IFileTree root)
{
    /// <summary>The container's own layer.</summary>
    public IFileTree Root => root;
}
