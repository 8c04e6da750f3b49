using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Tests.Streams;

/// <summary><c>port-forward</c> of a running API, over the channels of a WebSocket, and what is refused of it.</summary>
public sealed class PortForwardTests : IAsyncLifetime
{
    private const string Forward = "/api/v1/namespaces/default/pods/web-0/portforward";

    private RunningApi api = null!;

    public async Task InitializeAsync()
    {
        api = await RunningApi.StartAsync();
        api.AddPod("web-0");
        api.AddPod("pending", node: null);
    }

    public async Task DisposeAsync()
    {
        Assert.Empty(api.Writer.Failures);
        await api.DisposeAsync();
    }

    [Theory]
    [InlineData("?ports=80&ports=81&ports=666")]
    [InlineData("?ports=80,81&ports=666")]
    public async Task Each_port_has_two_channels_that_open_with_its_number(string query)
    {
        using var client = await ChannelClient.OpenAsync(api, Forward + query, "v4.channel.k8s.io");
        List<string> messages = [];
        while (messages.Count < 8)
        {
            messages.Add((await client.ReceiveAsync())!);
        }

        Assert.Equal(["0:P\0", "1:P\0", "2:Q\0", "3:Q\0", "4:\u009a\u0002", "5:\u009a\u0002"], messages[..6]);
        Assert.Contains("4:half", messages);
        Assert.Contains(messages, message => message.StartsWith("3:error forwarding port 81 to pod web-0, uid : failed to execute", StringComparison.Ordinal));

        await client.SendAsync(0, "GET /x HTTP/1.1\r\n\r\n");
        var answer = "";
        while (!answer.EndsWith("you asked for /x\n", StringComparison.Ordinal))
        {
            var next = (await client.ReceiveAsync())!;
            Assert.StartsWith("0:", next, StringComparison.Ordinal);
            answer += next[2..];
        }

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_every_connection_has_ended_the_forward_ends()
    {
        using var client = await ChannelClient.OpenAsync(api, Forward + "?ports=81", "v4.channel.k8s.io");

        Assert.Equal(3, (await client.ReceiveAllAsync()).Count);
    }

    [Theory]
    [InlineData("", 400, "query parameter \"port\" is required")]
    [InlineData("?ports=0", 400, "port \"0\" must be > 0")]
    [InlineData("?ports=x", 400, "cannot convert to []int32: strconv.ParseUint: parsing \"x\": invalid syntax")]
    public async Task Ports_that_make_no_sense_are_refused(string query, int code, string message)
    {
        var reply = await api.SendAsync(
            "GET", Forward + query, null, "", ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Protocol", "v4.channel.k8s.io"));

        Assert.Equal(code, reply.Code);
        Assert.Contains(message.Replace("\"", reply.Text.StartsWith('{') ? "\\\"" : "\""), reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_begun_is_refused_before_the_upgrade()
    {
        Assert.Equal((400, "Upgrade request required"), await SpdyAsync(Forward, "x", upgrade: "none") is var plain ? (plain.Code, plain.Message) : default);
        Assert.Equal("pod pending does not have a host assigned", (await SpdyAsync(Forward.Replace("web-0", "pending"), "portforward.k8s.io")).Message);
        Assert.Equal("pods \"nowhere\" not found", (await SpdyAsync(Forward.Replace("web-0", "nowhere"), "portforward.k8s.io")).Message);
        Assert.Equal(
            "unable to upgrade: unable to negotiate protocol: client supports [v4.channel.k8s.io], server accepts [portforward.k8s.io]",
            (await SpdyAsync(Forward, "v4.channel.k8s.io")).Text);
        api.Pods.Refusal = ApiErrors.InternalError("the pod is not running");
        Assert.Equal((500, "the pod is not running"), await SpdyAsync(Forward, "portforward.k8s.io") is var refused ? (refused.Code, refused.Text) : default);
        Assert.Equal(0, api.StreamSessions);
    }

    private Task<Reply> SpdyAsync(string path, string protocol, string upgrade = "SPDY/3.1") =>
        api.SendAsync("POST", path, null, "", ("Connection", "Upgrade"), ("Upgrade", upgrade), ("X-Stream-Protocol-Version", protocol));
}
