using System.Diagnostics;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests.InFlight;

/// <summary>Clients that send too much, too slowly or nothing, and clients that do not read.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1.5);

    private RunningApi api = null!;

    public async Task InitializeAsync() => api = await RunningApi.StartAsync(options =>
    {
        options.KeepAliveTimeout = Short;
        options.RequestHeadersTimeout = Short;
        options.TransferGrace = Short;
        options.MinTransferRate = 1_000_000;
    });

    public async Task DisposeAsync()
    {
        Assert.Equal(200, (await api.GetAsync("/readyz")).Code);
        await api.DisposeAsync();
    }

    [Fact]
    public async Task Too_many_headers_are_refused() =>
        Assert.StartsWith("HTTP/1.1 431 ", await AnswerAsync(Head(string.Concat(Enumerable.Range(0, 500).Select(i => $"X-{i}: y\r\n")))), StringComparison.Ordinal);

    [Fact]
    public async Task Too_large_headers_are_refused() =>
        Assert.StartsWith("HTTP/1.1 431 ", await AnswerAsync(Head($"X-Flood: {new string('y', 100_000)}\r\n")), StringComparison.Ordinal);

    [Fact]
    public async Task A_too_long_request_line_is_refused() =>
        Assert.StartsWith("HTTP/1.1 414 ", await AnswerAsync($"GET /api/v1/pods?labelSelector={new string('a', 100_000)} HTTP/1.1\r\n"), StringComparison.Ordinal);

    [Fact]
    public async Task Http_2_is_not_spoken_without_tls() =>
        Assert.DoesNotContain("HTTP/2 200", await AnswerAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x4\0\0\0\0\0"), StringComparison.Ordinal);

    [Fact]
    public async Task Headers_that_do_not_come_to_an_end_are_not_waited_for() =>
        Assert.StartsWith("HTTP/1.1 408 ", await AnswerAsync("GET /readyz HTTP/1.1\r\nHost: localhost\r\n"), StringComparison.Ordinal);

    [Fact]
    public async Task A_connection_without_a_request_is_closed() => Assert.Equal("", await AnswerAsync(""));

    [Fact]
    public async Task A_body_that_does_not_come_is_a_request_that_timed_out()
    {
        var answer = await AnswerAsync(
            "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");

        Assert.StartsWith("HTTP/1.1 504 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"Status\"", answer, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"Timeout\"", answer, StringComparison.Ordinal);
        Assert.Empty(api.Writer.Requests);
    }

    [Fact]
    public async Task A_list_that_is_not_read_is_given_up_and_a_watch_that_is_not_read_waits()
    {
        // More than the buffers of the kernel take.
        const int pods = 200;
        for (var i = 0; i < pods; i++)
        {
            api.Add(ResourceKinds.Pods, $"pod-{i}", "large=" + new string('x', 60_000));
        }

        using var watch = await RawClient.ConnectAsync(api);
        await watch.SendAsync("GET /api/v1/pods?watch=true HTTP/1.1\r\nHost: localhost\r\n\r\n");
        using var list = await RawClient.ConnectAsync(api);
        await list.SendAsync("GET /api/v1/pods HTTP/1.1\r\nHost: localhost\r\n\r\n");

        // Nothing of the list is read until the server has let go of it: its seat is free then.
        var limit = Stopwatch.StartNew();
        while (api.ReadsInFlight > 0 || limit.Elapsed < Short)
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(20));
            await api.GetAsync("/livez");
        }

        var read = await list.ReadToEndAsync();
        Assert.DoesNotContain("]}\n\r\n0\r\n", read, StringComparison.Ordinal);
        Assert.True(await watch.ReadUntilAsync("{\"type\":\"ADDED\"", pods));
    }

    [Fact]
    public async Task Beyond_the_most_connections_a_new_one_is_closed()
    {
        await using var small = await RunningApi.StartAsync(options => options.MaxConnections = 2);
        using var first = await RawClient.ConnectAsync(small);
        using var second = await RawClient.ConnectAsync(small);
        await first.SendAsync(Head(""));
        await second.SendAsync(Head(""));
        Assert.True(await first.ReadUntilAsync("ok", 1));
        Assert.True(await second.ReadUntilAsync("ok", 1));

        using var third = await RawClient.ConnectAsync(small);
        await third.SendAsync(Head(""));
        Assert.Equal("", await third.ReadToEndAsync());
        await first.SendAsync(Head(""));
        Assert.True(await first.ReadUntilAsync("ok", 1));
    }

    private static string Head(string headers) => $"GET /readyz HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n";

    private async Task<string> AnswerAsync(string sent)
    {
        using var client = await RawClient.ConnectAsync(api);
        await client.SendAsync(sent);
        return await client.ReadToEndAsync();
    }
}
