using System.Net;
using System.Net.Sockets;
using k8s;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Startup;

/// <summary>What one finds after the one command.</summary>
[Collection(ServerCollection.Name)]
public sealed class ServingTests(SharedServer shared)
{
    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Kubectl_without_a_kubeconfig_finds_the_server_on_8080(string version)
    {
        Requirement.Of(IsFree(8080), "a free port 8080");
        await using var server = await ServerProcess.StartOnAsync(8080, "--storage", "memory");
        var kubectl = new KubectlSession(version, Path.Combine(server.DataDirectory, "home"), kubeconfig: null);

        var nodes = await kubectl.TableAsync("get nodes");

        Assert.Equal(["NAME", "STATUS", "ROLES", "AGE", "VERSION"], nodes[0]);
        Assert.Equal(3, nodes.Skip(1).Count(row => row[1] == "Ready"));
    }

    [Fact]
    public async Task The_official_client_connects_with_the_kubeconfig()
    {
        var server = await shared.StartedAsync();
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(server.Kubeconfig));

        var nodes = await client.CoreV1.ListNodeAsync();

        Assert.Equal(3, nodes.Items.Count);
        Assert.StartsWith("1.33", (await client.Version.GetCodeAsync()).GitVersion.TrimStart('v'), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/readyz")]
    [InlineData("/livez")]
    [InlineData("/healthz")]
    public async Task Health_is_answered_with_ok(string path)
    {
        var server = await shared.StartedAsync();

        Assert.Equal("ok", await server.Client.GetStringAsync(path));
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "http://evil.example")]
    public async Task A_page_of_another_site_is_turned_away(string header, string value)
    {
        var server = await shared.StartedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/namespaces/default/configmaps")
        {
            Content = new StringContent("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"evil"}}""", null, "application/json"),
        };
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await server.Client.SendAsync(request);

        Assert.False(response.IsSuccessStatusCode);
        using var after = await server.Client.GetAsync("/api/v1/namespaces/default/configmaps/evil");
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
    }

    [Fact]
    public async Task A_token_of_another_cluster_is_turned_away()
    {
        var server = await shared.StartedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/namespaces");
        request.Headers.Authorization = new("Bearer", "of-another-cluster");

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [SkippableFact]
    public async Task It_prints_a_short_banner_and_then_nothing()
    {
        await using var server = await ServerProcess.StartAsync("--storage", "memory", "--latency", "none");
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await Tutorial.WebSet.CreateAsync(kubectl);

        await server.StopAsync();

        Assert.Contains($"  export KUBECONFIG={server.Kubeconfig}", server.Output);
        Assert.InRange(server.Output.Count, 1, 12);
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
