using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Tutorial;

/// <summary>"Using Stable Network Identities", as far as it can be seen from outside a pod.</summary>
[Collection(TutorialCollection.Name)]
public sealed class IdentityTests(SharedServer server)
{
    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Deleted_pods_come_back_in_order_with_their_names_and_other_addresses(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);
        var before = await AddressesAsync(kubectl);
        await using var watch = await kubectl.WatchAsync("get pod -w -l app=nginx");
        await watch.ShowsAsync(PodLife.Runs("web-0"), PodLife.Runs("web-1"));

        Assert.Equal("pod \"web-0\" deleted\npod \"web-1\" deleted", await kubectl.OutputAsync("delete pod -l app=nginx"));

        var lines = await watch.ShowsInterleavedAsync(PodLife.IsReplaced("web-0"), PodLife.IsReplaced("web-1"));
        var firstRuns = lines.ToList().IndexOf(PodLife.Runs("web-0"));
        var secondPends = lines.ToList().IndexOf("web-1 0/1 Pending 0");
        Assert.True(firstRuns < secondPends, string.Join('\n', lines));
        var after = await AddressesAsync(kubectl);
        Assert.Equal(2, after.Count);
        Assert.DoesNotContain(after[0], before);
        Assert.DoesNotContain(after[1], before);
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task The_headless_service_lists_the_addresses_of_the_ready_pods(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);

        var addresses = await AddressesAsync(kubectl);
        await Deadline.WaitAsync(
            TimeSpan.FromSeconds(10),
            async () => (await EndpointsAsync(kubectl)).Order(StringComparer.Ordinal).SequenceEqual(addresses.Order(StringComparer.Ordinal)),
            () => "the endpoints are not the pods' addresses");
        await kubectl.OutputAsync("scale sts web --replicas=1");
        await Deadline.WaitAsync(
            TimeSpan.FromSeconds(10),
            async () => (await EndpointsAsync(kubectl)).SequenceEqual(addresses.Take(1)),
            () => "the pod that left is still an endpoint");
    }

    private static async Task<IReadOnlyList<string>> AddressesAsync(KubectlSession kubectl) =>
        (await kubectl.OutputAsync("get pods -l app=nginx -o jsonpath={.items[*].status.podIP}")).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<IReadOnlyList<string>> EndpointsAsync(KubectlSession kubectl) =>
        (await kubectl.OutputAsync("get endpointslices -l kubernetes.io/service-name=nginx -o 'jsonpath={.items[*].endpoints[?(@.conditions.ready==true)].addresses[0]}'"))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
