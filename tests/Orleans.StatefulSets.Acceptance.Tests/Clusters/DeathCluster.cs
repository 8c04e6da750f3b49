using System.Globalization;
using System.Text.RegularExpressions;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Manifests;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Acceptance.Tests.Tutorial;

namespace Orleans.StatefulSets.Acceptance.Tests.Clusters;

/// <summary>
/// Three silos that die one after another, started by the first test that needs them. A small set with a file on its volume lives through
/// all of it.
/// </summary>
public sealed partial class DeathCluster : IAsyncLifetime
{
    private const int PodsANode = 100;
    private const string Bystander = "bystander";
    private readonly Lazy<Task<SiloCluster>> starting;
    private IReadOnlyDictionary<string, string> uids = new Dictionary<string, string>();

    public DeathCluster() => starting = new(StartAsync);

    /// <summary>How many pods the sets have that are about when a silo dies: some here, as many as <c>DEATHS_PODS</c> says by hand.</summary>
    internal static int Pods { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("DEATHS_PODS"), CultureInfo.InvariantCulture, out var pods) ? pods : 40;

    /// <summary>
    /// What clients wait at most after a death: 5 s are promised, and kept on a machine that does nothing else, as the benchmark of failover
    /// and a run by hand have it. Beside all the other tests it may take twice as long.
    /// </summary>
    internal static TimeSpan Failover { get; } = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("DEATHS_PODS") is null ? 10 : 5);

    /// <summary>How long work may take after a death.</summary>
    internal static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60 + (Pods / 5));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (starting.IsValueCreated && starting.Value.IsCompletedSuccessfully)
        {
            await (await starting.Value).DisposeAsync();
        }
    }

    /// <summary>The silos; those that died are started again.</summary>
    internal async Task<IReadOnlyList<ServerProcess>> AliveAsync()
    {
        var silos = (await starting.Value).Servers;
        foreach (var silo in silos.Where(silo => silo.HasExited))
        {
            await silo.RestartAsync();
        }

        return silos;
    }

    /// <summary>The silo that holds the journal of objects: the one that opened it last.</summary>
    internal async Task<ServerProcess> JournalHolderAsync() => Last(await AliveAsync(), JournalOpened());

    /// <summary>The silo whose scheduler gives pods their nodes: the one where it began last.</summary>
    internal async Task<ServerProcess> SchedulerAsync() => Last(await AliveAsync(), SchedulerBegan());

    /// <summary>The silo that decides for an ordered set: the one that took its last step.</summary>
    internal async Task<ServerProcess> DeciderAsync(string @namespace) =>
        Last(await AliveAsync(), new Regex($@"Step of statefulsets\.apps/{@namespace}/.*@(?<at>[0-9]+)"));

    /// <summary>The set that lives through all is what it was: the same pods with the same claims, and the file that was written before.</summary>
    /// <param name="silo">Through whom one looks.</param>
    internal async Task AssertTheBystanderIsUnharmedAsync(ServerProcess silo)
    {
        var kubectl = silo.Open(KubectlVersion.Newest, Bystander);
        Assert.Equal(uids, await WebSet.UidsAsync(kubectl, "pods,pvc"));
        Assert.Equal("web-0", await kubectl.OutputAsync("exec web-0 -- cat /usr/share/nginx/html/kept"));
    }

    private async Task<SiloCluster> StartAsync()
    {
        var nodes = (3 * Pods / PodsANode) + 2;
        var cluster = await SiloCluster.StartAsync(
            3, "--verbose", "--latency", "none", "--nodes", nodes.ToString(CultureInfo.InvariantCulture), "--pods-per-node", PodsANode.ToString(CultureInfo.InvariantCulture));
        var kubectl = cluster.Servers[0].Open(KubectlVersion.Newest, Bystander);
        await kubectl.OutputAsync($"create namespace {Bystander}");
        await kubectl.OutputAsync($"apply -f {TutorialManifests.WebParallel}");
        await WebSet.ReadyAsync(kubectl);
        await kubectl.OutputAsync("exec web-0 -- sh -c 'hostname > /usr/share/nginx/html/kept'");
        uids = await WebSet.UidsAsync(kubectl, "pods,pvc");
        return cluster;
    }

    // Who died says nothing any more: a process that is started again begins its output anew.
    private static ServerProcess Last(IReadOnlyList<ServerProcess> silos, Regex line) => silos.MaxBy(silo => silo.Output
        .Select(text => line.Match(text)).Where(match => match.Success).Select(match => long.Parse(match.Groups["at"].ValueSpan, CultureInfo.InvariantCulture)).DefaultIfEmpty(-1).Max())!;

    [GeneratedRegex(@"Journal objects opened: epoch (?<at>[0-9]+),")]
    private static partial Regex JournalOpened();

    [GeneratedRegex(@"The scheduler begins at (?<at>[0-9]+):")]
    private static partial Regex SchedulerBegan();
}
