namespace Orleans.StatefulSets.Architecture.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["bin", "obj", ".git", "artifacts", ".data", "data", ".cluster", ".vs", ".idea", "TestResults", "node_modules"];

    public static DirectoryInfo Root { get; } = FindRoot();

    /// <summary>Every file that people wrote.</summary>
    public static IReadOnlyList<FileInfo> Files { get; } = [.. FilesOf(Root)];

    /// <summary>Every C# file that people wrote.</summary>
    public static IReadOnlyList<FileInfo> Sources { get; } = [.. Files.Where(file => file.Extension == ".cs")];

    /// <summary>A path as the repository knows it, with slashes.</summary>
    public static string PathOf(FileSystemInfo file) => Path.GetRelativePath(Root.FullName, file.FullName).Replace('\\', '/');

    private static DirectoryInfo FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && folder.GetFiles("Orleans.StatefulSets.sln").Length == 0)
        {
            folder = folder.Parent;
        }

        return folder ?? throw new InvalidOperationException("the solution stands in no folder above the tests");
    }

    private static IEnumerable<FileInfo> FilesOf(DirectoryInfo folder) =>
        folder.GetDirectories().Where(inner => !NotOurs.Contains(inner.Name)).SelectMany(FilesOf).Concat(folder.GetFiles().Where(file => file.Name != ".git"));
}
