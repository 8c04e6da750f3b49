using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Tests.Streams;

/// <summary><c>exec</c> and <c>attach</c> of a running API.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private const string Pods = "/api/v1/namespaces/default/pods";
    private const string Exec = $"{Pods}/web-0/exec?stdout=true&stderr=1&command=";

    private static readonly (string, string)[] WebSocketHeaders =
        [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")];

    private RunningApi api = null!;

    public async Task InitializeAsync()
    {
        api = await RunningApi.StartAsync(options => options.MaxStreamSessions = 2);
        api.AddPod("web-0");
        api.AddPod("several", ["a", "b"], ["first"]);
        api.AddPod("pending", node: null);
    }

    public async Task DisposeAsync()
    {
        Assert.Equal(200, (await api.GetAsync("/readyz")).Code);
        Assert.Empty(api.Writer.Failures);
        await api.DisposeAsync();
    }

    [Theory]
    [InlineData("v5.channel.k8s.io")]
    [InlineData("v4.channel.k8s.io")]
    public async Task A_command_says_what_it_has_to_say_and_how_it_ended(string protocol)
    {
        using var client = await ChannelClient.OpenAsync(api, Exec + "complain&command=3", "v9.unknown", protocol);

        Assert.Equal(protocol, client.Protocol);
        Assert.Equal(
            [
                "1:out\n", "2:err\n",
                """3:{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: exit status 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}""",
            ],
            await client.ReceiveAllAsync());
        var request = Assert.Single(api.Pods.Execs);
        Assert.Equal(("main", false, true, true, false), (request.Container, request.Stdin, request.Stdout, request.Stderr, request.Tty));
        Assert.Equal(["complain", "3"], request.Command);
    }

    [Fact]
    public async Task In_base64_every_message_is_text()
    {
        using var client = await ChannelClient.OpenAsync(api, Exec + "cat&stdin=True", "v4.base64.channel.k8s.io");
        await client.SendTextAsync("0aGVsbG8=");
        Assert.Equal("1aGVsbG8=", await client.ReceiveAsync());

        // Not base64: the session ends, and nothing else.
        await client.SendTextAsync("0!");
        await WaitForAsync(() => api.StreamSessions == 0);
    }

    [Fact]
    public async Task An_output_that_was_not_asked_for_is_not_sent()
    {
        using var errors = await ChannelClient.OpenAsync(api, $"{Pods}/web-0/exec?stderr=1&command=complain&command=0", "v4.channel.k8s.io");

        Assert.Equal(["2:err\n", """3:{"metadata":{},"status":"Success"}"""], await errors.ReceiveAllAsync());
    }

    [Fact]
    public async Task Before_v4_there_is_no_status_but_a_failures_message()
    {
        using var failed = await ChannelClient.OpenAsync(api, Exec + "complain&command=3");
        using var succeeded = await ChannelClient.OpenAsync(api, Exec + "echo&command=hi", "channel.k8s.io");

        Assert.Equal("3:command terminated with non-zero exit code: exit status 3", (await failed.ReceiveAllAsync())[^1]);
        Assert.Equal(["1:hi\n"], await succeeded.ReceiveAllAsync());
    }

    [Fact]
    public async Task Input_goes_to_its_end_and_a_terminal_has_a_size()
    {
        using var client = await ChannelClient.OpenAsync(api, Exec + "cat&stdin=true", "v5.channel.k8s.io");
        await client.SendAsync(0, "hello");
        await client.SendAsync(255, "\0");
        Assert.Equal(["1:hello", """3:{"metadata":{},"status":"Success"}"""], await client.ReceiveAllAsync());

        using var terminal = await ChannelClient.OpenAsync(api, $"{Pods}/web-0/exec?tty=1&stdin=1&stdout=1&stderr=1&command=size", "v5.channel.k8s.io");
        await terminal.SendAsync(4, """{"Width":101,"Height":33}""");
        Assert.Equal("1:101x33\r\n", (await terminal.ReceiveAllAsync())[0]);
        Assert.Equal((true, false), (api.Pods.Execs.Last().Tty, api.Pods.Execs.Last().Stderr));
    }

    [Fact]
    public async Task What_cannot_be_run_or_followed_is_an_internal_error_in_upstreams_words()
    {
        using var missing = await ChannelClient.OpenAsync(api, Exec + "nonsense", "v4.channel.k8s.io");
        using var lost = await ChannelClient.OpenAsync(api, Exec + "lose", "v5.channel.k8s.io");

        const string why = "error executing command in container: failed to exec in container: exec: \\u0022nonsense\\u0022: executable file not found in $PATH: unknown";
        Assert.Equal(
            [$$"""3:{"metadata":{},"status":"Failure","message":"Internal error occurred: {{why}}","reason":"InternalError","details":{"causes":[{"message":"{{why}}"}]},"code":500}"""],
            await missing.ReceiveAllAsync());
        Assert.Contains("error executing command in container: the node did not answer", Assert.Single(await lost.ReceiveAllAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_goes_hangs_up()
    {
        var client = await ChannelClient.OpenAsync(api, Exec + "sleep", "v4.channel.k8s.io");
        await WaitForAsync(() => !api.Pods.Processes.IsEmpty);
        var process = Assert.Single(api.Pods.Processes);
        Assert.Equal(1, api.StreamSessions);
        client.Dispose();

        await WaitForAsync(() => process.HungUp.IsCancellationRequested && api.StreamSessions == 0);
    }

    // A connection that is closed while something unread has come takes away from its client what was still on the way.
    [Fact]
    public async Task Who_types_on_behind_the_end_and_reads_late_misses_nothing()
    {
        const int length = 400_000;
        using var client = await ChannelClient.OpenAsync(api, Exec + $"bytes&command={length}&stdin=1", "v5.channel.k8s.io");
        await WaitForAsync(() => api.Pods.Processes.FirstOrDefault()?.HungUp.IsCancellationRequested == true);
        for (var i = 0; i < 100; i++)
        {
            await client.SendAsync(0, new string('x', 10_000));
        }

        var messages = await client.ReceiveAllAsync();
        Assert.Equal(length, messages.Where(message => message.StartsWith("1:", StringComparison.Ordinal)).Sum(message => message.Length - 2));
        Assert.StartsWith("3:", messages[^1], StringComparison.Ordinal);
        Assert.Equal(1, api.StreamSessions);
        await client.CloseAsync();
        await WaitForAsync(() => api.StreamSessions == 0);
    }

    [Fact]
    public async Task More_sessions_than_there_may_be_are_told_to_come_back()
    {
        using var first = await ChannelClient.OpenAsync(api, Exec + "sleep", "v4.channel.k8s.io");
        using (await ChannelClient.OpenAsync(api, $"{Pods}/web-0/attach?stdout=1", "v4.channel.k8s.io"))
        {
            var refused = await api.SendAsync("GET", Exec + "echo", null, "", [.. WebSocketHeaders, ("Sec-WebSocket-Protocol", "v4.channel.k8s.io")]);
            Assert.Equal((429, "TooManyRequests"), (refused.Code, refused.Reason));
            Assert.Equal("1", refused.Headers["Retry-After"]);
        }

        await WaitForAsync(() => api.StreamSessions == 1);
        using var next = await ChannelClient.OpenAsync(api, Exec + "echo", "v4.channel.k8s.io");
        await next.ReceiveAllAsync();
    }

    [Fact]
    public async Task A_session_on_which_nothing_moves_ends_after_hours()
    {
        var time = new FakeTimeProvider();
        await using var slow = await RunningApi.StartAsync(time: time);
        slow.AddPod("web-0");
        using var client = await ChannelClient.OpenAsync(slow, Exec + "cat&stdin=1", "v4.channel.k8s.io");

        // The client may be connected before the server has set its timers: nothing is sent for a moment after that.
        await client.SendAsync(0, "begun");
        var echo = client.ReceiveAsync();
        await WaitForAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            return echo.IsCompleted;
        });
        Assert.Equal("1:begun", await echo);
        time.Advance(TimeSpan.FromHours(3));
        await client.SendAsync(0, "still here");
        Assert.Equal("1:still here", await client.ReceiveAsync());
        time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(1, slow.StreamSessions);

        // Its timer may be set anew a moment after the client has read what was written.
        await WaitForAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(30));
            return slow.StreamSessions == 0;
        });
    }

    // An API server asks for the pod, the container and the node, in this order; a kubelet's refusal is plain text.
    [Theory]
    [InlineData("nowhere/exec?command=x&stdout=1", 404, "pods \"nowhere\" not found")]
    [InlineData("web-0/exec?command=x&stdout=1&container=x", 400, "container x is not valid for pod web-0")]
    [InlineData("several/exec?command=x&stdout=1", 400, "a container name must be specified for pod several, choose one of: [first a b]")]
    [InlineData("pending/exec?command=x&stdout=1", 400, "pod pending does not have a host assigned")]
    [InlineData("pending/attach?stdout=1", 400, "pod pending does not have a host assigned")]
    [InlineData("web-0/exec?stdout=1", 400, "you must specify at least one command for the container")]
    [InlineData("web-0/exec?command=x&stdout=0&stderr=False", 400, null)]
    [InlineData("web-0/attach?tty=1&stderr=1", 400, null)]
    public async Task What_cannot_be_begun_is_refused_before_the_upgrade(string path, int code, string? message)
    {
        foreach (var method in new[] { "GET", "POST" })
        {
            var reply = await api.SendAsync(
                method, $"{Pods}/{path}", null, "", ("Connection", "Upgrade"), ("Upgrade", "SPDY/3.1"), ("X-Stream-Protocol-Version", "v4.channel.k8s.io"));

            Assert.Equal(code, reply.Code);
            Assert.Equal(message ?? "you must specify at least 1 of stdin, stdout, stderr", message is null ? reply.Text : reply.Message);
        }

        Assert.Empty(api.Pods.Execs);
    }

    [Fact]
    public async Task A_kubelets_refusal_is_plain_text_and_from_v5_on_comes_when_all_is_upgraded()
    {
        api.Pods.Refusal = ApiErrors.InternalError("container not found (\"main\")");

        var plain = await api.SendAsync("GET", Exec + "x", null, "", [.. WebSocketHeaders, ("Sec-WebSocket-Protocol", "v4.channel.k8s.io")]);
        Assert.Equal((500, "container not found (\"main\")"), (plain.Code, plain.Text));
        using var client = await ChannelClient.OpenAsync(api, Exec + "x", "v5.channel.k8s.io");
        Assert.Contains(
            "\"message\":\"Internal error occurred: unable to upgrade connection: container not found (\\u0022main\\u0022)\"",
            Assert.Single(await client.ReceiveAllAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_upgrade_or_a_known_protocol_there_is_no_session()
    {
        Assert.Equal((400, "Upgrade request required"), await AnswerAsync("GET") is var reply ? (reply.Code, reply.Message) : default);
        var unknown = await AnswerAsync("GET", [.. WebSocketHeaders, ("Sec-WebSocket-Protocol", "v6.channel.k8s.io, other")]);
        Assert.Equal(403, unknown.Code);
        Assert.StartsWith("requested protocol(s) are not supported: [v6.channel.k8s.io other]; supports [v5.channel.k8s.io ", unknown.Text, StringComparison.Ordinal);
        var spdy = await AnswerAsync("POST", ("Connection", "Upgrade"), ("Upgrade", "SPDY/3.1"), ("X-Stream-Protocol-Version", "v9"));
        Assert.Equal(
            (403, "unable to upgrade: unable to negotiate protocol: client supports [v9], server accepts [v4.channel.k8s.io v3.channel.k8s.io v2.channel.k8s.io channel.k8s.io]"),
            (spdy.Code, spdy.Text));
        Assert.Equal(400, (await AnswerAsync("POST", ("Connection", "Upgrade"), ("Upgrade", "SPDY/3.1"))).Code);
        var version = await AnswerAsync("GET", ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "8"), ("Sec-WebSocket-Key", "x"));
        Assert.Equal((400, "BadRequest"), (version.Code, version.Reason));
        Assert.Equal(405, (await AnswerAsync("PUT")).Code);
    }

    [Theory]
    [InlineData("SPDY/3.1", "X-Stream-Protocol-Version: v4.channel.k8s.io")]
    [InlineData("websocket", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: v5.channel.k8s.io")]
    public async Task What_is_not_of_the_protocol_ends_that_session_alone(string upgrade, string headers)
    {
        using var other = await ChannelClient.OpenAsync(api, Exec + "cat&stdin=1", "v5.channel.k8s.io");
        using var raw = await RawClient.ConnectAsync(api);
        await raw.SendAsync($"GET {Exec}cat&stdin=1 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: {upgrade}\r\n{headers}\r\n\r\n");
        Assert.True(await raw.ReadUntilAsync("HTTP/1.1 101 ", 1));
        await raw.SendAsync("this is neither of the two protocols, whichever it ought to be");
        await raw.ReadToEndAsync();

        await WaitForAsync(() => api.StreamSessions == 1);
        await other.SendAsync(0, "still here");
        Assert.Equal("1:still here", await other.ReceiveAsync());
    }

    private Task<Reply> AnswerAsync(string method, params (string, string)[] headers) => api.SendAsync(method, Exec + "x", null, "", headers);

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
