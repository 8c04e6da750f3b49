using System.Text.Json;
using Orleans.StatefulSets.Acceptance.Tests.Manifests;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Acceptance.Tests.Tutorial;
using Orleans.StatefulSets.Cli.Postgres;

namespace Orleans.StatefulSets.Acceptance.Tests.Clusters;

/// <summary>Clusters of real processes on a PostgreSQL of their own, as one command starts them.</summary>
[Collection(SilosCollection.Name)]
public sealed class ClusterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [SkippableFact]
    public async Task A_cluster_goes_up_serves_kubectl_mends_itself_and_goes_down()
    {
        RequirePostgres();
        await using var cluster = new LaunchedCluster();
        await cluster.UpAsync("--silos", "2", "--", "--latency", "none");
        var (isReady, before) = await cluster.StatusAsync();
        Assert.True(isReady, cluster.DescribeLogs());
        Assert.Equal(["balancer", "postgres", "silo-1", "silo-2"], before.Keys.Order(StringComparer.Ordinal));

        var kubectl = cluster.OpenKubectl();
        Assert.Equal("service/nginx created\nstatefulset.apps/web created", await kubectl.OutputAsync($"apply -f {TutorialManifests.WebParallel}"));
        await WebSet.ReadyAsync(kubectl);
        Assert.Equal("web-1", await kubectl.OutputAsync("exec web-1 -- hostname"));
        var pods = await WebSet.UidsAsync(kubectl, "pods");
        await Deadline.WaitAsync(Limit, async () => await CountPodsAsync(cluster) == 2, () => $"the silos do not count two pods\n{cluster.DescribeLogs()}");

        LaunchedCluster.Kill(before["silo-1"]);
        await Deadline.WaitAsync(Limit, () => IsMendedAsync(cluster), () => $"silo-1 is not ready again\n{cluster.DescribeLogs()}");
        Assert.Equal(pods, await WebSet.UidsAsync(kubectl, "pods"));
        await kubectl.OutputAsync("scale sts web --replicas=4");
        await WebSet.ReadyAsync(kubectl);

        var (_, after) = await cluster.StatusAsync();
        Assert.All(after.Values, process => Assert.True(LaunchedCluster.IsAlive(process), $"{process}"));
        var down = await cluster.RunAsync("down");
        Assert.True(down.ExitCode == 0, down.Describe());
        Assert.All(after.Values, process => Assert.False(LaunchedCluster.IsAlive(process), $"{process}"));
        Assert.Equal([$"no cluster runs in {cluster.Data}"], (await cluster.RunAsync("status")).Errors);
        Assert.Equal(0, (await cluster.RunAsync("down")).ExitCode);
    }

    [SkippableFact]
    public async Task What_a_cluster_kept_is_there_when_it_goes_up_again_even_if_its_supervisor_was_killed()
    {
        RequirePostgres();
        await using var cluster = new LaunchedCluster();
        await cluster.UpAsync("--silos", "1", "--no-restart", "--", "--latency", "none");
        var kubectl = cluster.OpenKubectl();
        await kubectl.CreateConfigMapAsync("kept");
        var (_, before) = await cluster.StatusAsync();

        // The balancer lives in the supervisor.
        LaunchedCluster.Kill(before["balancer"]);
        await Deadline.WaitAsync(Limit, () => !LaunchedCluster.IsAlive(before["balancer"]), () => "the supervisor lives");
        var (isReady, left) = await cluster.StatusAsync();
        Assert.Equal((false, true, true), (isReady, LaunchedCluster.IsAlive(left["silo-1"]), LaunchedCluster.IsAlive(left["postgres"])));
        Assert.Equal(0, (await cluster.RunAsync("down")).ExitCode);
        Assert.Equal((false, false), (LaunchedCluster.IsAlive(left["silo-1"]), LaunchedCluster.IsAlive(left["postgres"])));

        await cluster.UpAsync("--silos", "1", "--no-restart", "--", "--latency", "none");
        Assert.Equal("configmap/kept", await kubectl.OutputAsync("get configmap kept -o name"));
        var (_, again) = await cluster.StatusAsync();
        LaunchedCluster.Kill(again["silo-1"]);
        await Deadline.WaitAsync(Limit, async () => !(await cluster.StatusAsync()).IsReady, () => "status does not see it");
        Assert.Equal("Ended", (await cluster.StatusAsync()).Processes["silo-1"].GetProperty("health").GetString());
    }

    // A silo that takes too long to answer has no count.
    private static async Task<int> CountPodsAsync(LaunchedCluster cluster) => (await cluster.StatusAsync()).Processes.Values
        .Select(process => process.GetProperty("grains")).Where(grains => grains.ValueKind == JsonValueKind.Object)
        .Sum(grains => grains.TryGetProperty("pods", out var count) ? count.GetInt32() : 0);

    private static async Task<bool> IsMendedAsync(LaunchedCluster cluster)
    {
        var (isReady, processes) = await cluster.StatusAsync();
        return isReady && processes["silo-1"].GetProperty("restarts").GetInt32() == 1;
    }

    private static void RequirePostgres() => Requirement.Of(PostgresPrograms.Folder is not null, "PostgreSQL's server programs (initdb, pg_ctl)");
}
