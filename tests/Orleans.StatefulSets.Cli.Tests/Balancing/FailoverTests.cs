using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Orleans.StatefulSets.Acceptance.Tests;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Cli.Balancing;

namespace Orleans.StatefulSets.Cli.Tests.Balancing;

/// <summary>Servers come and go; what a client asked for is done once, or the client is told.</summary>
public sealed class FailoverTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>A probe a second and a second for its answer.</summary>
    private static readonly TimeSpan FoundOut = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Requests_go_to_all_in_turn()
    {
        await using var one = await Backend.StartAsync("one");
        await using var two = await Backend.StartAsync("two");
        await using var servers = await BalancedServers.StartAsync(one.Url, two.Url);

        // On a busy machine one may seem not to be ready for a while.
        var names = Array.Empty<string>();
        await Deadline.WaitAsync(
            Limit,
            async () =>
            {
                names = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => servers.Client.GetStringAsync("/")));
                return (names.Count(name => name == "one"), names.Count(name => name == "two")) == (5, 5);
            },
            () => string.Join(' ', names));
    }

    [Fact]
    public void A_server_that_does_not_answer_is_found_out_within_two_seconds()
    {
        var probes = Routes.To([new("http://127.0.0.1:1")]).HealthCheck!.Active!;

        Assert.True(probes.Interval + probes.Timeout <= FoundOut);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task The_death_of_a_server_is_noticed_by_nobody_and_each_request_is_sent_once(string method)
    {
        await using var stays = await Backend.StartAsync("stays");
        await using var servers = await StartedWithOneThatDiesAsync(stays);

        for (var number = 0; number < 50; number++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"/{number}");
            request.Content = method == "POST" ? new StringContent("{}") : null;
            using var response = await servers.Client.SendAsync(request);
            Assert.Equal("stays", await response.Content.ReadAsStringAsync());
        }

        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"{method} /{number}"), stays.Requests);
    }

    [Fact]
    public async Task A_server_that_comes_back_gets_its_share_again()
    {
        await using var stays = await Backend.StartAsync("stays");
        var port = FreePorts.Take(1)[0];
        await using var servers = await BalancedServers.StartAsync(stays.Url, new Uri($"http://127.0.0.1:{port}"));
        Assert.Equal("stays", await servers.Client.GetStringAsync("/"));
        Assert.Equal("stays", await servers.Client.GetStringAsync("/"));

        await using var comes = await Backend.StartAsync("comes", port);

        await Deadline.WaitAsync(Limit, async () => await servers.Client.GetStringAsync("/") == "comes", () => "it gets nothing");
    }

    [Fact]
    public async Task A_server_that_is_not_ready_gets_nothing_more()
    {
        await using var stays = await Backend.StartAsync("stays");
        await using var leaves = await Backend.StartAsync("leaves");
        await using var servers = await BalancedServers.StartAsync(stays.Url, leaves.Url);
        await Deadline.WaitAsync(Limit, async () => await servers.Client.GetStringAsync("/") == "leaves", () => "it gets nothing");

        leaves.IsReady = false;

        await AssertOnlyOneServesAsync(servers.Client, "stays");
    }

    [Fact]
    public async Task A_server_that_stands_still_gets_nothing_more()
    {
        await using var stays = await Backend.StartAsync("stays");
        using var still = new TcpListener(IPAddress.Loopback, 0);
        still.Start();
        await using var servers = await BalancedServers.StartAsync(stays.Url, new Uri($"http://{still.LocalEndpoint}"));
        using var impatient = new HttpClient { BaseAddress = servers.Url, Timeout = TimeSpan.FromSeconds(0.2) };

        await AssertOnlyOneServesAsync(impatient, "stays");
    }

    [Fact]
    public async Task Where_nobody_is_ready_everybody_is_asked_all_the_same()
    {
        await using var only = await Backend.StartAsync("only");
        only.IsReady = false;
        await using var servers = await BalancedServers.StartAsync(only.Url);

        await Deadline.WaitForQuietAsync(FoundOut, () => only.Requests.Count);

        Assert.Equal("only", await servers.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task Where_nobody_is_there_the_client_is_told_to_try_again()
    {
        var free = FreePorts.Take(2);
        await using var servers = await BalancedServers.StartAsync([.. free.Select(port => new Uri($"http://127.0.0.1:{port}"))]);

        using var response = await servers.Client.PostAsync("/", new StringContent("{}"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (response.StatusCode, response.Headers.RetryAfter?.Delta));
        var status = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(
            ("Status", "v1", "Failure", "ServiceUnavailable", 503),
            (Text(status, "kind"), Text(status, "apiVersion"), Text(status, "status"), Text(status, "reason"), status.GetProperty("code").GetInt32()));
    }

    // The kept connection is what makes the difference: on one of these the client of the balancer would send it again.
    [Theory]
    [InlineData("POST", false)]
    [InlineData("POST", true)]
    [InlineData("PUT", true)]
    [InlineData("PATCH", true)]
    [InlineData("DELETE", false)]
    [InlineData("DELETE", true)]
    public async Task What_a_server_had_when_it_went_away_is_not_sent_again(string method, bool hasBody)
    {
        await using var goes = new RawBackend();
        await using var stays = new RawBackend();
        await using var servers = await BalancedServers.StartAsync(goes.Url, stays.Url);
        await Deadline.WaitAsync(Limit, () => WereBothAskedAsync(servers, goes, stays), () => "one gets nothing");

        using var request = new HttpRequestMessage(new HttpMethod(method), "/lost") { Content = hasBody ? new StringContent("{}") : null };
        using var response = await servers.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Equal("Timeout", Text(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement, "reason"));
        Assert.Single(goes.Requests.Concat(stays.Requests), line => line.Contains("/lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_that_a_server_had_when_it_went_away_is_not_opened_again()
    {
        await using var goes = new RawBackend();
        await using var servers = await BalancedServers.StartAsync(goes.Url);
        Assert.Equal("ok", await servers.Client.GetStringAsync("/answered"));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/lost");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        using var response = await servers.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Single(goes.Requests, line => line.Contains("/lost", StringComparison.Ordinal));
    }

    private static async Task<bool> WereBothAskedAsync(BalancedServers servers, RawBackend one, RawBackend two)
    {
        Assert.Equal("ok", await servers.Client.GetStringAsync("/answered"));
        return !one.Requests.IsEmpty && !two.Requests.IsEmpty;
    }

    private static string? Text(JsonElement status, string name) => status.GetProperty(name).GetString();

    private static async Task<BalancedServers> StartedWithOneThatDiesAsync(Backend stays)
    {
        await using var dies = await Backend.StartAsync("dies");
        var servers = await BalancedServers.StartAsync(dies.Url, stays.Url);
        await Deadline.WaitAsync(Limit, async () => await servers.Client.GetStringAsync("/") == "dies", () => "it gets nothing");
        stays.Requests.Clear();
        return servers;
    }

    // Every other request would go to the one that should get none.
    private static async Task AssertOnlyOneServesAsync(HttpClient client, string name)
    {
        var inARow = 0;
        await Deadline.WaitAsync(
            Limit,
            async () =>
            {
                try
                {
                    inARow = await client.GetStringAsync("/") == name ? inARow + 1 : 0;
                }
                catch (OperationCanceledException)
                {
                    inARow = 0;
                }

                return inARow == 10;
            },
            () => "it still gets requests");
    }
}
