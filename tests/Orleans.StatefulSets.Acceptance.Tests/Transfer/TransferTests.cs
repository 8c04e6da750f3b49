using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Acceptance.Tests.Tutorial;

namespace Orleans.StatefulSets.Acceptance.Tests.Transfer;

/// <summary>What the README says of export and import, with the program itself.</summary>
public sealed class TransferTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("transfer-");

    private string Stream => Path.Combine(folder.FullName, "cluster.yaml");

    public void Dispose() => folder.Delete(recursive: true);

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cluster_goes_on_where_it_was_imported(bool keepUids)
    {
        await using var server = await ServerProcess.StartAsync("--speed", "10");
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await WebSet.CreateAsync(kubectl, replicas: 3);
        var pods = await WebSet.UidsAsync(kubectl, "pods");
        var claims = await WebSet.UidsAsync(kubectl, "pvc");
        var revisions = await kubectl.OutputAsync("get controllerrevisions -o name");
        var running = Path.Combine(folder.FullName, "running.yaml");

        // A server that runs is asked over HTTP; its database is refused, as it is to a second server.
        Assert.Contains("is in use by another server", await RunAsync(1, "export", "--data", server.DataDirectory), StringComparison.Ordinal);
        await RunAsync(0, "export", "--server", server.Url.GetLeftPart(UriPartial.Authority), "--output", running);
        await server.StopAsync();
        await RunAsync(0, "export", "--data", server.DataDirectory, "--output", Stream);
        Assert.Equal(Names(running), Names(Stream));

        // Elsewhere: the same ports, and a folder that was not there.
        Assert.Contains("there is a cluster in", await RunAsync(1, "import", "--input", Stream, "--data", server.DataDirectory), StringComparison.Ordinal);
        Directory.Move(server.DataDirectory, Path.Combine(folder.FullName, "old"));
        await RunAsync(0, ["import", "--input", Stream, "--data", server.DataDirectory, .. keepUids ? (string[])["--keep-uids"] : []]);
        await server.RestartAsync();

        await kubectl.OutputAsync("rollout status sts/web --timeout=50s");
        var podsAfter = await WebSet.UidsAsync(kubectl, "pods");
        Assert.Equal(pods.Keys.Order(), podsAfter.Keys.Order());
        Assert.Equal(keepUids ? 3 : 0, podsAfter.Values.Intersect(pods.Values).Count());
        Assert.Equal(keepUids ? 3 : 0, (await WebSet.UidsAsync(kubectl, "pvc")).Values.Intersect(claims.Values).Count());
        Assert.Equal("Bound Bound Bound", await kubectl.OutputAsync("get pvc -o jsonpath={.items[*].status.phase}"));

        await kubectl.OutputAsync("scale sts web --replicas=4");
        await WebSet.ReadyAsync(kubectl);
        var scaled = await WebSet.UidsAsync(kubectl, "pods");
        Assert.Equal(4, scaled.Count);
        Assert.Equal(podsAfter.OrderBy(pod => pod.Key), scaled.Where(pod => pod.Key != "web-3").OrderBy(pod => pod.Key));
        Assert.Equal(revisions, await kubectl.OutputAsync("get controllerrevisions -o name"));
        Assert.Equal("0 0 0 0", await kubectl.OutputAsync("get pods -o jsonpath={.items[*].status.containerStatuses[0].restartCount}"));
    }

    [Fact]
    public async Task Wrong_command_lines_and_missing_things_end_with_one_line()
    {
        Assert.Equal("import needs --input FILE, or --input - for standard input", await RunAsync(2, "import"));
        Assert.Equal("unknown option '--foo'; --help lists the options", await RunAsync(2, "export", "--foo"));
        Assert.Equal("--storage: memory holds nothing to export; --server asks a server that runs", await RunAsync(2, "export", "--storage", "memory"));
        Assert.StartsWith($"there is no cluster in {folder.FullName}", await RunAsync(1, "export", "--data", folder.FullName), StringComparison.Ordinal);
        Assert.StartsWith($"{Stream} cannot be read", await RunAsync(1, "import", "--input", Stream, "--data", folder.FullName), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Stream, "kind: Pod");
        Assert.StartsWith("document 1: ", await RunAsync(1, "import", "--input", Stream, "--data", Path.Combine(folder.FullName, "new")), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.FullName, "new")));
    }

    // The kinds and names of a stream, Events aside: a server that stops may tell of something.
    private static IEnumerable<string> Names(string path) => File.ReadAllText(path).Split("---\n", StringSplitOptions.RemoveEmptyEntries)
        .Where(document => !document.Contains("\nkind: Event\n", StringComparison.Ordinal))
        .Select(document => string.Join(' ', document.Split('\n').Where(line => line.StartsWith("kind: ", StringComparison.Ordinal) || line.StartsWith("  name: ", StringComparison.Ordinal))));

    private static async Task<string> RunAsync(int exitCode, params IEnumerable<string> arguments)
    {
        await using var process = ServerProcess.Launch(arguments);
        var ended = await process.WaitForExitAsync(Limit);
        Assert.True(ended == exitCode, process.Describe());
        return Assert.Single(process.Errors);
    }
}
