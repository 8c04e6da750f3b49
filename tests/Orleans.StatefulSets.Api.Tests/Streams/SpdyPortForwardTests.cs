using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Api.Streams.PortForwards;
using Orleans.StatefulSets.Api.Streams.Spdy;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests.Streams;

/// <summary>Forwarded connections, frame by frame.</summary>
public sealed class SpdyPortForwardTests : IAsyncDisposable
{
    private const int Reset = 3;

    private readonly SpdyTestClient client = new();
    private readonly FakeTimeProvider time = new();
    private readonly ScriptedPods pods = new();
    private readonly SpdyConnection connection;
    private readonly Task forwarding;
    private int streams;

    public SpdyPortForwardTests()
    {
        connection = new SpdyConnection(client.Server);
        forwarding = new SpdyPortForward(connection, pods, ResourceKinds.Pods.Key("default", "web-0"), time, NullLogger.Instance).RunAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await forwarding.WaitAsync(TimeSpan.FromSeconds(30));
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task Streams_belong_together_by_their_id_in_whatever_order_they_come()
    {
        var second = await OpenAsync("data", "2", ScriptedServers.Echo);
        var first = await OpenAsync("error", "1", ScriptedServers.Echo);
        var secondError = await OpenAsync("error", "2", ScriptedServers.Echo);
        var firstData = await OpenAsync("data", "1", ScriptedServers.Echo);
        await client.SendAsync(firstData, "one", last: true);
        await client.SendAsync(second, "two", last: true);

        // Each answers when the client has no more to say: half a connection is still a connection.
        var ends = await ReadEndsAsync(4);
        Assert.Equal([(first, ""), (secondError, ""), (firstData, "one"), (second, "two")], ends.OrderBy(end => end.Text).ThenBy(end => end.Stream));
    }

    [Fact]
    public async Task Old_clients_name_no_id()
    {
        await OpenAsync("error", "", ScriptedServers.Echo);
        var data = await OpenAsync("data", "", ScriptedServers.Echo);
        await client.SendAsync(data, "x", last: true);

        Assert.Contains((data, "x"), await ReadEndsAsync(2));
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_told_on_the_error_stream()
    {
        var error = await OpenAsync("error", "1", 81);
        var data = await OpenAsync("data", "1", 81);

        var ends = await ReadEndsAsync(2);
        Assert.Contains((data, ""), ends);
        Assert.Contains(ends, end => end.Stream == error && end.Text.StartsWith(
            "error forwarding port 81 to pod web-0, uid : failed to execute portforward in network namespace", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_breaks_ends_without_a_word()
    {
        var error = await OpenAsync("error", "1", ScriptedServers.Broken);
        var data = await OpenAsync("data", "1", ScriptedServers.Broken);

        Assert.Equal([(error, ""), (data, "half")], (await ReadEndsAsync(2)).OrderBy(end => end.Stream));
    }

    [Fact]
    public async Task A_client_that_takes_back_a_stream_gives_up_its_connection_and_no_other()
    {
        var error = await OpenAsync("error", "1", ScriptedServers.Endless);
        var data = await OpenAsync("data", "1", ScriptedServers.Endless);
        await client.SendAsync(new SpdyFrame(SpdyFrameType.RstStream, 0, 0, (byte[])[.. SpdyBlocks.Number(data), .. SpdyBlocks.Number(5)]));
        Assert.Contains(await ReadEndsAsync(1), end => end.Stream == error);

        await OpenAsync("error", "2", ScriptedServers.Echo);
        var other = await OpenAsync("data", "2", ScriptedServers.Echo);
        await client.SendAsync(other, "x", last: true);
        Assert.Contains((other, "x"), await ReadEndsAsync(2));
    }

    [Theory]
    [InlineData("data", "0")]
    [InlineData("data", "65536")]
    [InlineData("data", "http")]
    [InlineData("stdin", "80")]
    public async Task A_stream_that_makes_no_sense_is_refused_by_itself(string type, string port)
    {
        await client.OpenAsync(1, ("streamtype", type), ("port", port), ("requestid", "0"));

        Assert.Equal((SpdyFrameType.SynReply, 1), await FrameAsync());
        Assert.Equal((SpdyFrameType.RstStream, 1), await FrameAsync());
    }

    [Fact]
    public async Task Half_of_a_pair_is_given_up_after_a_while()
    {
        await client.OpenAsync(1, ("streamtype", "error"), ("port", "80"), ("requestid", "0"));
        Assert.Equal((SpdyFrameType.SynReply, 1), await FrameAsync());
        var answer = FrameAsync();
        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Equal((SpdyFrameType.RstStream, 1), await answer);
    }

    [Fact]
    public async Task Connections_one_after_another_are_as_many_as_one_likes()
    {
        for (var i = 0; i < SpdyConnection.MostStreams; i++)
        {
            await OpenAsync("error", $"{i}", ScriptedServers.Echo, ended: true);
            var data = await OpenAsync("data", $"{i}", ScriptedServers.Echo);
            await client.SendAsync(data, "x", last: true);
            Assert.Contains((data, "x"), await ReadEndsAsync(2));
        }
    }

    [Fact]
    public async Task Too_many_streams_at_once_are_refused_each_by_itself()
    {
        for (var i = 0; i < SpdyConnection.MostStreams; i++)
        {
            await client.OpenAsync((2 * i) + 1, ("streamtype", "data"), ("port", "7"), ("requestid", $"{i}"));
            Assert.Equal((SpdyFrameType.SynReply, (2 * i) + 1), await FrameAsync());
        }

        var more = (2 * SpdyConnection.MostStreams) + 1;
        await client.OpenAsync(more, ("streamtype", "data"), ("port", "7"), ("requestid", "more"));
        var refused = await client.ReadAsync();
        Assert.Equal((SpdyFrameType.RstStream, more, Reset), (refused.Type, refused.Number, refused.Payload.Span[7]));
    }

    private async Task<int> OpenAsync(string type, string id, int port, bool ended = false)
    {
        var stream = (2 * streams++) + 1;
        (string, string)[] headers = [("streamtype", type), ("port", $"{port}"), .. id.Length == 0 ? Array.Empty<(string, string)>() : [("requestid", id)]];
        await client.OpenAsync(stream, headers);
        if (ended)
        {
            await client.SendAsync(stream, "", last: true);
        }

        return stream;
    }

    /// <summary>Reads until so many streams have ended, and what came on each.</summary>
    private async Task<IReadOnlyList<(int Stream, string Text)>> ReadEndsAsync(int count)
    {
        var texts = new Dictionary<int, string>();
        List<(int, string)> ends = [];
        while (ends.Count < count)
        {
            var frame = await client.ReadAsync().WaitAsync(TimeSpan.FromSeconds(30));
            if (frame.Type == SpdyFrameType.Data)
            {
                texts[frame.Stream] = texts.GetValueOrDefault(frame.Stream, "") + Encoding.ASCII.GetString(frame.Payload.Span);
                if (frame.IsLast)
                {
                    ends.Add((frame.Stream, texts[frame.Stream]));
                }
            }
        }

        return ends;
    }

    private async Task<(SpdyFrameType, int)> FrameAsync() => await client.ReadAsync() is var frame ? (frame.Type, frame.Number) : default;
}
