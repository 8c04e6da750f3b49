using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Manifests;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Acceptance.Tests.Servers.Network;
using Orleans.StatefulSets.Acceptance.Tests.Tutorial;

namespace Orleans.StatefulSets.Acceptance.Tests.Clusters;

/// <summary>Two silos that can't reach each other, though a third reaches both: Orleans calls neither dead.</summary>
[Collection(SilosCollection.Name)]
public sealed partial class PartitionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [SkippableFact]
    public async Task The_one_without_the_journal_goes_unready_and_in_the_end_leaves_and_nothing_is_lost()
    {
        await using var cluster = await SiloCluster.StartBehindProxiesAsync(3, "--latency", "none", "--verbose");
        var holder = cluster.Servers.Select((server, place) => (Epoch: EpochOf(server), Place: place)).Max().Place;
        var (cutOff, third) = ((holder + 1) % 3, (holder + 2) % 3);
        var silo = cluster.Servers[cutOff];
        var kubectl = await cluster.Servers[third].OpenAsync(KubectlVersion.Newest);
        await kubectl.OutputAsync($"apply -f {TutorialManifests.WebParallel}");
        await kubectl.OutputAsync("scale sts web --replicas=9");
        await kubectl.OutputAsync("rollout status sts/web --timeout=50s");
        var before = await WebSet.UidsAsync(kubectl, "pods,pvc");
        await CreateAsync(silo, "before");

        // Not for long: it is ready again, and is still the same.
        cluster.Network!.Part(holder, cutOff, Passage.Cut);
        await Deadline.WaitAsync(Limit, async () => !await IsFollowingAsync(silo), () => $"it stays ready\n{silo.Describe()}");
        Assert.False(await silo.IsReadyAsync());
        Assert.True(await IsFollowingAsync(cluster.Servers[holder]) && await cluster.Servers[holder].IsReadyAsync());
        Assert.True(await IsFollowingAsync(cluster.Servers[third]) && await cluster.Servers[third].IsReadyAsync());
        await CreateAsync(cluster.Servers[holder], "meanwhile");
        cluster.Network.Heal();
        await Deadline.WaitAsync(Limit, silo.IsReadyAsync, () => $"it does not get ready again\n{silo.Describe()}");
        Assert.False(silo.HasExited);
        await CreateAsync(silo, "between");

        // For long: it leaves, and others take over what it did, though the two still can't reach each other.
        cluster.Network.Part(holder, cutOff, Passage.Hanging);
        await Deadline.WaitAsync(Limit, () => silo.HasExited, () => $"it does not leave\n{silo.Describe()}");
        Assert.Contains(silo.Errors, line => line.StartsWith("this silo has not reached 127.0.0.2:", StringComparison.Ordinal));
        await kubectl.OutputAsync("scale sts web --replicas=12");
        await kubectl.OutputAsync("rollout status sts/web --timeout=50s");
        Assert.True(await cluster.Servers[holder].IsReadyAsync() && await cluster.Servers[third].IsReadyAsync());

        cluster.Network.Heal();
        await silo.RestartAsync();
        foreach (var server in cluster.Servers)
        {
            Assert.True(await server.IsReadyAsync());
            foreach (var name in (string[])["before", "meanwhile", "between"])
            {
                Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync($"/api/v1/namespaces/default/configmaps/{name}")).StatusCode);
            }
        }

        var after = await WebSet.UidsAsync(kubectl, "pods,pvc");
        Assert.Equal(before, after.Where(item => before.ContainsKey(item.Key)));
        Assert.Equal(24, after.Count);
    }

    private static async Task CreateAsync(ServerProcess server, string name)
    {
        using var body = new StringContent($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"}}""", null, "application/json");
        using var created = await server.Client.PostAsync("/api/v1/namespaces/default/configmaps", body);
        Assert.True(created.StatusCode == HttpStatusCode.Created, $"{name}: {created.StatusCode} {await created.Content.ReadAsStringAsync()}");
    }

    private static async Task<bool> IsFollowingAsync(ServerProcess server)
    {
        using var response = await server.Client.GetAsync("/readyz/journal");
        return response.IsSuccessStatusCode;
    }

    // The holder is who opened it last.
    private static long EpochOf(ServerProcess server) => server.Output.Select(line => Opened().Match(line)).Where(match => match.Success)
        .Select(match => long.Parse(match.Groups["epoch"].ValueSpan, CultureInfo.InvariantCulture)).DefaultIfEmpty(-1).Max();

    [GeneratedRegex("Journal objects opened: epoch (?<epoch>[0-9]+),")]
    private static partial Regex Opened();
}
