namespace Orleans.StatefulSets.Benchmarks.Servers;

/// <summary>A folder that goes with its holder.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("statefulsets-benchmark-");

    public string Path => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);
}
