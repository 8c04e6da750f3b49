using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Tests.Servers;

/// <summary>What clients that mean harm, or are merely slow, get.</summary>
public sealed class ServerLimitTests
{
    [Fact]
    public async Task A_head_that_comes_a_letter_at_a_time_is_cut_off_after_a_minute()
    {
        var clock = new FakeTimeProvider();
        var pods = new PodsTogether(clock: clock);
        var pod = await pods.StartAsync("web-0", "nginx");
        var exchange = pods.ExchangeAsync(pod, 80, "GET / HTTP/1.1\r\nX");
        await pods.UntilAsync(() => exchange.IsCompleted, TimeSpan.FromSeconds(10));
        Assert.Equal(("", true), await exchange);
        Assert.Contains("\"GET / HTTP/1.1\" 408 0", pod.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_without_a_request_is_closed_after_its_time()
    {
        var clock = new FakeTimeProvider();
        var pods = new PodsTogether(clock: clock);
        var pod = await pods.StartAsync("web-0", "nginx");
        var exchange = pods.ExchangeAsync(pod, 80, "GET /50x.html HTTP/1.1\r\nHost: h\r\n\r\n");
        await pods.UntilAsync(() => exchange.IsCompleted, TimeSpan.FromSeconds(10));
        Assert.StartsWith("HTTP/1.1 200 OK", (await exchange).Text, StringComparison.Ordinal);
        Assert.True(clock.GetUtcNow() - clock.Start >= TimeSpan.FromSeconds(65));
    }

    [Theory]
    [InlineData("nginx", 80, "400 Bad Request")]
    [InlineData("httpd", 80, "400 Bad Request")]
    [InlineData("traefik/whoami", 80, "431 Request Header Fields Too Large")]
    [InlineData("whatever", 8000, "431 Request Header Fields Too Large")]
    public async Task A_header_of_a_megabyte_is_refused_without_being_kept(string image, int port, string status)
    {
        var pods = new PodsTogether();
        var pod = await pods.StartAsync("web-0", image, 8000);
        var (text, closed) = await pods.ExchangeAsync(pod, port, $"GET / HTTP/1.1\r\nHost: h\r\nX: {new string('a', 1 << 20)}\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status}", text, StringComparison.Ordinal);
        Assert.True(closed);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        var pods = new PodsTogether();
        var pod = await pods.StartAsync("web-0", "nginx");
        var client = pods.Add("client", "busybox");
        Assert.Equal("413", (await client.ShellAsync("head -c 1048577 /dev/zero > /big; curl -s -o /dev/null -w '%{http_code}' --data-binary @/big web-0/")).Output);
        Assert.Contains("client intended to send too large body: 1048577 bytes", pod.Errors, StringComparison.Ordinal);
        Assert.Equal("405", (await client.ShellAsync("head -c 1048576 /dev/zero > /big; curl -s -o /dev/null -w '%{http_code}' --data-binary @/big web-0/")).Output);
    }

    [Theory]
    [InlineData("nginx", 80, 1008)]
    [InlineData("whatever", 8000, 512)]
    public async Task Of_ten_thousand_connections_a_bounded_number_is_served(string image, int port, int most)
    {
        var pods = new PodsTogether();
        var pod = await pods.StartAsync("web-0", image, 8000);
        var clients = new List<IOpenFile>();
        await pods.RunAsync(async () =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                clients.Add(await pods.Network.ConnectAsync(System.Net.IPAddress.Loopback, pod.Address, port));
            }

            return true;
        });

        // Those turned away see the connection end at once.
        var turnedAway = await pods.RunAsync(async () =>
        {
            var ends = clients.Skip(most).Select(client => client.ReadAsync(new byte[1], CancellationToken.None).AsTask()).ToList();
            return (await Task.WhenAll(ends)).Count(count => count == 0);
        });
        Assert.Equal(10_000 - most, turnedAway);
        await pods.RunAsync(async () =>
        {
            foreach (var client in clients)
            {
                await client.CloseAsync();
            }

            return true;
        });
        var next = pods.Add("client", "busybox");
        await pods.UntilAsync(() => pod.Table.Running.All(process => process.Files.Numbers.Count < 100));
        Assert.Equal("200", (await next.ShellAsync($"curl -s -o /dev/null -w '%{{http_code}}' web-0:{port}/")).Output);
    }

    [Fact]
    public async Task An_expression_that_would_take_for_ever_fails_its_request_and_no_other()
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", "nginx");
        await pod.ShellAsync("echo 'server { listen 80; location ~ ^/(a+)+$ { return 200 a; } location /b { return 200 b; } }' > /etc/nginx/conf.d/default.conf");
        await pod.StartAsync();
        var (text, closed) = await pods.ExchangeAsync(pod, 80, $"GET /{new string('a', 60)}! HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal(("", true), (text, closed));
        Assert.Equal("b", (await pod.ShellAsync("curl -s localhost/b")).Output);
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_answer_is_given_up_after_a_minute()
    {
        var clock = new FakeTimeProvider();
        var pods = new PodsTogether(clock: clock);
        var pod = await pods.StartAsync("web-0", "nginx");
        await pod.ShellAsync("head -c 1000000 /dev/zero > /usr/share/nginx/html/big");
        await pods.RunAsync(async () =>
        {
            var client = await pods.Network.ConnectAsync(System.Net.IPAddress.Loopback, pod.Address, 80);
            await client.WriteAsync("GET /big HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray(), CancellationToken.None);
            return true;
        });
        await pods.UntilAsync(() => pod.Output.Contains("GET /big", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        Assert.Matches("\"GET /big HTTP/1.1\" 200 [1-9][0-9]{4} ", pod.Output);
        Assert.True(clock.GetUtcNow() - clock.Start >= TimeSpan.FromSeconds(60));
        await pods.UntilAsync(() => pod.Table.Running.All(process => process.Files.Numbers.Count == 3));
    }

    [Fact]
    public async Task A_configuration_that_includes_itself_is_refused()
    {
        var pod = new PodsTogether().Add("web-0", "nginx");
        var outcome = await pod.ShellAsync("echo 'include /etc/nginx/conf.d/*.conf;' > /etc/nginx/conf.d/default.conf; nginx -t");
        Assert.Equal(1, outcome.Status);
        Assert.Contains("Too many open files", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_never_reads_holds_nobody_else_up_and_goes_with_the_server()
    {
        var pods = new PodsTogether();
        var pod = await pods.StartAsync("web-0", "nginx");
        await pod.ShellAsync("head -c 8000000 /dev/zero > /usr/share/nginx/html/big");
        await pods.RunAsync(async () =>
        {
            var client = await pods.Network.ConnectAsync(System.Net.IPAddress.Loopback, pod.Address, 80);
            await client.WriteAsync("GET /big HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray(), CancellationToken.None);
            return true;
        });
        Assert.Equal("8000000\n", (await pod.ShellAsync("curl -s localhost/big | wc -c")).Output);
        await pod.SignalAsync(Signals.Terminate);
        Assert.Equal(0, await pod.End.WaitAsync(TimeSpan.FromSeconds(20)));
    }
}
