using Orleans.StatefulSets.Api.Tests.Cluster;

namespace Orleans.StatefulSets.Api.Tests;

/// <summary>Every answer shows the heartbeats of its moment, 2025-06-01T00:00:00Z, so whoever compares two of them finds no change that is none.</summary>
public sealed class HeartbeatTests : IAsyncLifetime
{
    private const string Nodes = "/api/v1/nodes";
    private const string Leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    private const string Node = """{"metadata":{"name":"n"},"status":{"conditions":[{"type":"DiskPressure","status":"False","lastHeartbeatTime":"2025-05-31T23:48:00Z"},{"type":"Ready","status":"True","lastHeartbeatTime":"2025-05-31T23:48:00Z"}]}}""";
    private const string Posted = "2025-05-31T23:58:00Z";
    private const string Renewed = "2025-05-31T23:59:59.000000Z";

    private RunningApi api = null!;

    public async Task InitializeAsync() => api = await RunningApi.StartAsync();

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Fact]
    public async Task Whatever_answers_a_node_shows_when_its_kubelet_posted_last()
    {
        Assert.Equal(Posted, Heartbeat(await api.SendAsync("POST", Nodes, Node)));
        var read = await api.GetAsync($"{Nodes}/n");
        Assert.Equal(Posted, Heartbeat(read));
        Assert.Equal(Posted, read.Json["status"]!["conditions"]![0]!["lastHeartbeatTime"]!.GetValue<string>());
        Assert.Equal(Posted, Heartbeat((await api.GetAsync(Nodes)).Json["items"]![0]!));
        Assert.Equal(Posted, Heartbeat(await api.SendAsync("PATCH", $"{Nodes}/n", "{}", "application/merge-patch+json")));
        Assert.Equal(Posted, Heartbeat(await api.SendAsync("PATCH", $"{Nodes}/n/status", "{}", "application/merge-patch+json")));
        Assert.Equal(Posted, Heartbeat(await api.SendAsync("PUT", $"{Nodes}/n", Node)));
    }

    [Fact]
    public async Task A_watch_shows_it_too_in_the_state_and_in_what_comes_after()
    {
        await api.SendAsync("POST", Nodes, Node);
        using var watch = await WatchReader.OpenAsync(api, $"{Nodes}?watch=true");
        Assert.Equal(Posted, Heartbeat((await watch.NextAsync())!["object"]!));

        await api.SendAsync("PATCH", $"{Nodes}/n", """{"metadata":{"labels":{"a":"b"}}}""", "application/merge-patch+json");

        Assert.Equal(Posted, Heartbeat((await watch.NextAsync())!["object"]!));
    }

    [Fact]
    public async Task The_lease_of_a_node_is_renewed_and_one_of_anybody_else_is_as_it_was_written()
    {
        const string lease = """{"metadata":{"name":"n"},"spec":{"renewTime":"2025-05-31T23:58:59.000000Z"}}""";
        await api.SendAsync("POST", Nodes, Node);
        Assert.Equal(Renewed, Renewal(await api.SendAsync("POST", Leases, lease)));
        Assert.Equal(Renewed, Renewal(await api.SendAsync("PATCH", $"{Leases}/n", "{}", "application/merge-patch+json")));

        Assert.Equal("2025-05-31T23:58:59.000000Z", Renewal(await api.SendAsync("POST", Leases, lease.Replace("\"n\"", "\"other\"", StringComparison.Ordinal))));
        Assert.Equal("2025-05-31T23:58:59.000000Z", Renewal(await api.SendAsync("POST", Leases.Replace("kube-node-lease", "default", StringComparison.Ordinal), lease)));
    }

    private static string Heartbeat(Reply reply) => Heartbeat(reply.Json);

    private static string Heartbeat(System.Text.Json.Nodes.JsonNode node) => node["status"]!["conditions"]![1]!["lastHeartbeatTime"]!.GetValue<string>();

    private static string Renewal(Reply reply) => reply.Json["spec"]!["renewTime"]!.GetValue<string>();
}
