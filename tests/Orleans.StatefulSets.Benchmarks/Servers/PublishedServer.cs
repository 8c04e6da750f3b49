using System.Reflection;

namespace Orleans.StatefulSets.Benchmarks.Servers;

/// <summary>The server's program as users get it.</summary>
internal static class PublishedServer
{
    private static readonly string Project = typeof(PublishedServer).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ServerProject").Value!;

    /// <summary>Publishes the program.</summary>
    /// <returns>The path of its DLL.</returns>
    /// <exception cref="BenchmarkException">It does not build.</exception>
    public static async Task<string> PublishAsync(string folder, CancellationToken cancellationToken)
    {
        // No build server and no node is left behind, to live on and to take time from what is measured.
        await using var publish = new ChildProcess(
            "dotnet", "publish", Project, "-c", "Release", "-o", folder, "-nodeReuse:false", "-p:UseSharedCompilation=false", "-v", "quiet");
        return await publish.WaitForExitAsync(cancellationToken) == 0
            ? Path.Combine(folder, Path.GetFileNameWithoutExtension(Project) + ".dll")
            : throw new BenchmarkException($"the server could not be published:\n{publish.Output}");
    }
}
