using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Orleans.StatefulSets.Cli.Balancing;

namespace Orleans.StatefulSets.Cli.Tests.Balancing;

/// <summary>What passes the balancer is what was sent.</summary>
public sealed class PassageTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_server_sees_the_target_and_the_headers_that_the_client_sent()
    {
        const string target = "/api/v1/x%2Fy//./%7E?labelSelector=a%3Db,c+d&watch=%31";
        var seen = new TaskCompletionSource<(string Target, Dictionary<string, string> Headers)>();
        await using var backend = await Backend.StartAsync(http =>
        {
            seen.TrySetResult((http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString())));
            return http.Response.WriteAsync("ok");
        });
        await using var servers = await BalancedServers.StartAsync(backend.Url);

        await using var connection = await SendAsync(servers.Url, $"GET {target} HTTP/1.1\r\nHost: rebound.example:99\r\nOrigin: http://evil.example\r\nAuthorization: Bearer abc\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK", await ReadUntilAsync(connection, "ok"), StringComparison.Ordinal);

        var (raw, headers) = await seen.Task;
        Assert.Equal(target, raw);
        Assert.Equal(("rebound.example:99", "http://evil.example", "Bearer abc"), (headers["Host"], headers["Origin"], headers["Authorization"]));
        Assert.DoesNotContain(headers.Keys, name => name.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_watch_is_answered_before_its_first_event_and_each_event_passes_when_it_comes()
    {
        using var next = new SemaphoreSlim(0);
        await using var backend = await Backend.StartAsync(async http =>
        {
            await http.Response.Body.FlushAsync();
            for (var number = 1; number <= 3; number++)
            {
                await next.WaitAsync(http.RequestAborted);
                await http.Response.WriteAsync($"event {number}\n");
                await http.Response.Body.FlushAsync();
            }
        });
        await using var servers = await BalancedServers.StartAsync(backend.Url);

        // The headers are here though nothing else will come before the test wants it.
        using var response = await servers.Client.GetAsync("/watch", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        foreach (var line in (string[])["event 1", "event 2", "event 3"])
        {
            next.Release();
            Assert.Equal(line, await reader.ReadLineAsync().WaitAsync(Limit));
        }

        Assert.Null(await reader.ReadLineAsync().WaitAsync(Limit));
    }

    [Fact]
    public async Task A_watch_whose_server_dies_is_broken_off_and_does_not_look_complete()
    {
        var death = new TaskCompletionSource();
        await using var backend = await Backend.StartAsync(async http =>
        {
            await http.Response.WriteAsync("event 1\n");
            await http.Response.Body.FlushAsync();
            await death.Task;
            http.Abort();
        });
        await using var servers = await BalancedServers.StartAsync(backend.Url);
        using var response = await servers.Client.GetAsync("/watch", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("event 1", await reader.ReadLineAsync().WaitAsync(Limit));

        death.SetResult();

        await Assert.ThrowsAnyAsync<IOException>(() => reader.ReadLineAsync().WaitAsync(Limit));
    }

    [Fact]
    public async Task A_client_that_leaves_leaves_the_server_too()
    {
        var left = new TaskCompletionSource();
        await using var backend = await Backend.StartAsync(async http =>
        {
            await http.Response.Body.FlushAsync();
            http.RequestAborted.Register(left.SetResult);
            await left.Task;
        });
        await using var servers = await BalancedServers.StartAsync(backend.Url);

        (await servers.Client.GetAsync("/watch", HttpCompletionOption.ResponseHeadersRead)).Dispose();

        await left.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_large_body_passes_both_ways()
    {
        var body = new byte[40_000_000];
        new Random(1).NextBytes(body);
        await using var backend = await Backend.StartAsync(async http =>
        {
            http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
            using var received = new MemoryStream();
            await http.Request.Body.CopyToAsync(received);
            await http.Response.Body.WriteAsync(received.GetBuffer().AsMemory(0, (int)received.Length));
        });
        await using var servers = await BalancedServers.StartAsync(backend.Url);

        using var content = new ByteArrayContent(body);
        using var response = await servers.Client.PutAsync("/", content);

        var passed = await response.Content.ReadAsByteArrayAsync();
        Assert.True(body.AsSpan().SequenceEqual(passed));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public async Task An_upgrade_to_SPDY_passes_with_its_method(string method)
    {
        await using var backend = await Backend.StartAsync(async http =>
        {
            http.Response.Headers.Upgrade = "SPDY/3.1";
            http.Response.Headers["X-Stream-Protocol-Version"] = http.Request.Headers["X-Stream-Protocol-Version"];
            await using var stream = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            var buffer = new byte[100];
            while (await stream.ReadAsync(buffer) is > 0 and var read)
            {
                await stream.WriteAsync(buffer.AsMemory(0, read));
            }
        });
        await using var servers = await BalancedServers.StartAsync(backend.Url);

        await using var connection = await SendAsync(
            servers.Url,
            $"{method} /exec HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\nContent-Length: 0\r\n\r\n");
        var head = await ReadUntilAsync(connection, "\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101", head, StringComparison.Ordinal);
        Assert.Contains("Upgrade: SPDY/3.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("X-Stream-Protocol-Version: v4.channel.k8s.io\r\n", head, StringComparison.Ordinal);
        foreach (var word in (string[])["\0one", "two"])
        {
            await connection.WriteAsync(Encoding.ASCII.GetBytes(word));
            Assert.Equal(word, await ReadUntilAsync(connection, word));
        }

        Assert.Equal([$"{method} /exec"], backend.Requests);
    }

    [Fact]
    public async Task A_WebSocket_passes_with_its_subprotocol()
    {
        await using var backend = await Backend.StartAsync(async http =>
        {
            // By hand, since the small server has no middleware for it: RFC 6455's answer to its own example's key.
            http.Response.Headers.Upgrade = "websocket";
            http.Response.Headers.SecWebSocketAccept = Accept(http.Request.Headers["Sec-WebSocket-Key"].ToString());
            http.Response.Headers.SecWebSocketProtocol = "v5.channel.k8s.io";
            var stream = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
            var buffer = new byte[100];
            var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        });
        await using var servers = await BalancedServers.StartAsync(backend.Url);
        using var limit = new CancellationTokenSource(Limit);
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("v5.channel.k8s.io");

        await client.ConnectAsync(new UriBuilder(servers.Url) { Scheme = "ws", Path = "/exec" }.Uri, limit.Token);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
        var answer = new byte[100];
        var length = (await client.ReceiveAsync(answer, limit.Token)).Count;

        Assert.Equal(("v5.channel.k8s.io", "hello"), (client.SubProtocol, Encoding.ASCII.GetString(answer, 0, length)));
    }

    [Fact]
    public void Nothing_that_passes_is_limited_in_time() =>
        Assert.Equal(Timeout.InfiniteTimeSpan, Routes.To([new("http://127.0.0.1:1")]).HttpRequest!.ActivityTimeout);

    private static string Accept(string key) =>
        Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));

    private static async Task<NetworkStream> SendAsync(Uri url, string head)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, url.Port);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        return stream;
    }

    private static async Task<string> ReadUntilAsync(NetworkStream stream, string end)
    {
        using var limit = new CancellationTokenSource(Limit);
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            Assert.True(await stream.ReadAsync(buffer, limit.Token) == 1, $"the connection ended after '{text}'");
            text.Append((char)buffer[0]);
        }

        return text.ToString();
    }
}
