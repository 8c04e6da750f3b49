using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Planning;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.State;
using Orleans.StatefulSets.Cli.Tests.Balancing;
using Orleans.StatefulSets.Cli.Tests.CommandLine;
using Orleans.StatefulSets.Cli.Tests.Processes;

namespace Orleans.StatefulSets.Cli.Tests.Clusters;

/// <summary>A cluster whose supervisor was killed is known by its folder alone.</summary>
public sealed class AbandonedClusterTests : IDisposable
{
    private static readonly ProcessIdentity Gone = new(Environment.ProcessId, "an earlier process of this id");
    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("abandoned-");
    private readonly ClusterFolder folder;

    public AbandonedClusterTests()
    {
        folder = new ClusterFolder(Path.Combine(parent.FullName, "cluster"));
        folder.Lock().Dispose();
    }

    public void Dispose() => parent.Delete(recursive: true);

    [Fact]
    public async Task Down_ends_what_is_left_and_nobody_else_and_may_be_said_again()
    {
        using var silo = await SleepingProcess.StartAsync();
        using var database = await SleepingProcess.StartAsync();
        using var somebodyElse = await SleepingProcess.StartAsync();
        Save(
            Process("postgres", ProcessRole.Database, database.Identity),
            Process("silo-1", ProcessRole.All, silo.Identity),
            Process("silo-2", ProcessRole.All, somebodyElse.Identity with { Began = "long ago" }),
            Process("silo-3", ProcessRole.All, null));

        var down = await RunAsync("cluster", "down");

        Assert.Equal((ExitCodes.Done, $"the cluster in {folder.Path} is stopped"), (down.ExitCode, Assert.Single(down.Output)));
        Assert.Equal((false, false, true), (silo.Identity.IsAlive, database.Identity.IsAlive, somebodyElse.Identity.IsAlive));
        var again = await RunAsync("cluster", "down", "--delete-data");
        Assert.Equal((ExitCodes.Done, $"no cluster runs in {folder.Path}"), (again.ExitCode, Assert.Single(again.Output)));
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public async Task A_new_cluster_is_refused_beside_what_is_left()
    {
        using var silo = await SleepingProcess.StartAsync();
        Save(Process("silo-1", ProcessRole.All, silo.Identity));

        foreach (var words in (string[][])[["cluster", "up"], ["cluster", "up", "--detach"]])
        {
            var up = await RunAsync(words);
            Assert.Equal(ExitCodes.Failed, up.ExitCode);
            Assert.StartsWith($"silo-1 (pid {silo.Identity.Id}) still runs in {folder.Path}", Assert.Single(up.Errors), StringComparison.Ordinal);
        }

        Assert.True(silo.Identity.IsAlive);
    }

    [Fact]
    public async Task Status_says_how_each_process_is_and_that_nobody_watches()
    {
        await using var ready = await Backend.StartAsync("ready");
        await using var starting = await Backend.StartAsync("starting");
        starting.IsReady = false;
        using var silo = await SleepingProcess.StartAsync();
        Save(
            Process("silo-1", ProcessRole.All, silo.Identity, ready.Url),
            Process("silo-2", ProcessRole.All, silo.Identity, starting.Url),
            Process("silo-3", ProcessRole.All, silo.Identity, new("http://127.0.0.1:1")),
            Process("silo-4", ProcessRole.All, Gone, ready.Url));

        var status = await RunAsync("cluster", "status");

        Assert.Equal(ExitCodes.Failed, status.ExitCode);
        Assert.Equal(
            ["HEALTH", "ready", "not ready", "no answer", "ended"],
            status.Output.Take(5).Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[4]));
        Assert.StartsWith("The supervisor is gone", status.Output[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_of_a_whole_cluster_ends_with_0_and_is_JSON_if_one_likes()
    {
        await using var ready = await Backend.StartAsync("ready");
        using var silo = await SleepingProcess.StartAsync();
        Save(Process("silo-1", ProcessRole.All, silo.Identity, ready.Url));
        folder.Save(folder.Load()! with { Supervisor = ProcessIdentity.Find(Environment.ProcessId)! });

        var status = await RunAsync("cluster", "status", "-o", "json");

        Assert.Equal(ExitCodes.Done, status.ExitCode);
        var json = System.Text.Json.JsonDocument.Parse(string.Concat(status.Output)).RootElement;
        Assert.True(json.GetProperty("isReady").GetBoolean());
        Assert.Equal(silo.Identity.Id, json.GetProperty("processes")[0].GetProperty("pid").GetInt32());
    }

    private Task<RecordedRun> RunAsync(params IReadOnlyList<string> words) => RecordedRun.OfAsync(parent.FullName, [.. words, "--data", "cluster"]);

    private void Save(params RunningProcess[] processes) =>
        folder.Save(new ClusterState { Supervisor = Gone, Url = new("http://127.0.0.1:1"), HasStarted = true, Processes = processes });

    private static RunningProcess Process(string name, ProcessRole role, ProcessIdentity? identity, Uri? url = null) => new()
    {
        Name = name,
        Role = role,
        Url = url ?? new("http://127.0.0.1:1"),
        Identity = identity,
        StartedAt = TimeProvider.System.GetUtcNow(),
    };
}
