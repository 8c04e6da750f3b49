using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Cli.Processes;

namespace Orleans.StatefulSets.Acceptance.Tests.Clusters;

/// <summary>A cluster that <c>cluster up --detach</c> starts in a folder of the test's own; nothing of it is left afterwards.</summary>
internal sealed class LaunchedCluster : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(200);
    private static readonly string Program = typeof(LaunchedCluster).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "CliProgram").Value!;

    private readonly DirectoryInfo folder = CreateFolder();
    private readonly string url = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";

    public string Data => Path.Combine(folder.FullName, "data");

    /// <summary>Runs a command of the Cli for this cluster.</summary>
    public async Task<KubectlResult> RunAsync(string command, params IEnumerable<string> options)
    {
        await using var process = CapturedProcess.Start("dotnet", [Program, "cluster", command, "--data", Data, .. options], new Dictionary<string, string?>());
        var exitCode = await process.WaitForExitAsync(Limit);
        return new KubectlResult(process.Command, exitCode, process.Output, process.Errors);
    }

    /// <summary>Starts it; it is ready.</summary>
    /// <param name="options">Options besides the folder and the address.</param>
    public async Task UpAsync(params IEnumerable<string> options)
    {
        var up = await RunAsync("up", ["--detach", "--url", url, .. options]);
        Assert.True(up.ExitCode == 0, $"{up.Describe()}\n{DescribeLogs()}");
    }

    /// <summary>What <c>cluster status</c> says, and whether that all is well.</summary>
    public async Task<(bool IsReady, IReadOnlyDictionary<string, JsonElement> Processes)> StatusAsync()
    {
        var status = await RunAsync("status", "-o", "json");
        var json = JsonDocument.Parse(string.Concat(status.Output)).RootElement;
        Assert.Equal(json.GetProperty("isReady").GetBoolean() ? 0 : 1, status.ExitCode);
        return (status.ExitCode == 0, json.GetProperty("processes").EnumerateArray().ToDictionary(process => process.GetProperty("name").GetString()!));
    }

    public KubectlSession OpenKubectl() => new(KubectlVersion.Newest, folder.FullName, Path.Combine(Data, "kubeconfig"));

    /// <summary>What the processes printed.</summary>
    public string DescribeLogs() => string.Join('\n', Directory.GetFiles(Data, "*log", SearchOption.AllDirectories)
        .Select(file => $"{Path.GetRelativePath(Data, file)}:\n{File.ReadAllText(file)}"));

    /// <summary>kill -9.</summary>
    public static void Kill(JsonElement process)
    {
        using var victim = Process.GetProcessById(process.GetProperty("pid").GetInt32());
        victim.Kill();
    }

    /// <summary>Whether it runs. One that ended and that nobody waited for doesn't.</summary>
    public static bool IsAlive(JsonElement process) => ProcessIdentity.Find(process.GetProperty("pid").GetInt32()) is not null;

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down", "--delete-data");
        folder.Delete(recursive: true);
    }

    // root's PostgreSQL runs as another account, to which a temporary folder is closed.
    private static DirectoryInfo CreateFolder()
    {
        var folder = Directory.CreateTempSubdirectory("cluster-");
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }

        return folder;
    }
}
