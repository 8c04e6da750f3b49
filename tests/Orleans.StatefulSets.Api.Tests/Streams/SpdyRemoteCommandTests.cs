using System.Buffers;
using System.Text;
using Orleans.StatefulSets.Api.Streams.Commands;
using Orleans.StatefulSets.Api.Streams.Spdy;

namespace Orleans.StatefulSets.Api.Tests.Streams;

public sealed class SpdyRemoteCommandTests : IAsyncDisposable
{
    private static readonly RemoteCommandQuery Interactive = new() { Command = ["sh"], Stdin = true, Stdout = true, Stderr = true, Tty = true };
    private static readonly RemoteCommandQuery Plain = new() { Command = ["cat"], Stdin = true, Stdout = true, Stderr = true };

    private readonly SpdyTestClient client = new();

    public ValueTask DisposeAsync() => client.DisposeAsync();

    [Fact]
    public async Task The_session_begins_when_every_stream_is_there_in_whatever_order()
    {
        var accepting = AcceptAsync(Plain);
        await OpenAsync("stdout", "error", "stderr");
        Assert.False(accepting.IsCompleted);
        await client.OpenAsync(7, ("streamtype", "stdin"));

        await using var command = await accepting;
        Assert.NotNull(command);
        for (var stream = 1; stream <= 7; stream += 2)
        {
            Assert.Equal((SpdyFrameType.SynReply, stream), await client.ReadAsync() is var reply ? (reply.Type, reply.Number) : default);
        }
    }

    [Fact]
    public async Task Bytes_go_both_ways_and_the_end_of_one_stream_is_not_that_of_another()
    {
        await using var command = await BeginAsync(Plain, "error", "stdin", "stdout", "stderr");
        await client.SendAsync(3, "hello", last: true);

        Assert.Equal("hello", await ReadToEndAsync(command));
        await command.SendAsync(isError: false, "out"u8.ToArray(), CancellationToken.None);
        await command.SendAsync(isError: true, "err"u8.ToArray(), CancellationToken.None);
        await command.FinishAsync(RemoteCommandStatus.Exited(3), CancellationToken.None);

        Assert.Equal((5, "out"), Text(await client.ReadAsync()));
        Assert.Equal((7, "err"), Text(await client.ReadAsync()));
        Assert.Equal(
            (1, """{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: exit status 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}"""),
            Text(await client.ReadAsync()));
        List<(int, bool)> ends = [];
        for (var i = 0; i < 4; i++)
        {
            var end = await client.ReadAsync();
            ends.Add((end.Stream, end.IsLast));
        }

        Assert.Equal([(3, true), (5, true), (7, true), (1, true)], ends);
    }

    [Fact]
    public async Task A_terminal_says_its_size_and_has_no_error_stream()
    {
        await using var command = await BeginAsync(Interactive, "error", "stdin", "stdout", "resize");
        await client.SendAsync(7, """{"Width":101,"Height":33}""");

        Assert.Equal(new TerminalSize(101, 33), await command.Sizes.ReadAsync());
    }

    [Fact]
    public async Task A_ping_is_answered()
    {
        await using var command = await BeginAsync(Plain, "error", "stdin", "stdout", "stderr");
        await client.SendAsync(new SpdyFrame(SpdyFrameType.Ping, 0, 0, new byte[] { 0, 0, 0, 9 }));

        var answer = await client.ReadAsync();
        Assert.Equal((SpdyFrameType.Ping, 9), (answer.Type, answer.Number));
    }

    [Fact]
    public async Task A_stream_that_was_not_asked_for_ends_the_session()
    {
        var accepting = AcceptAsync(Plain);
        await OpenAsync("error", "resize");

        Assert.Null(await accepting);
    }

    [Fact]
    public async Task A_client_that_goes_ends_the_session()
    {
        await using var command = await BeginAsync(Plain, "error", "stdin", "stdout", "stderr");
        await client.DisposeAsync();

        Assert.Equal("", await ReadToEndAsync(command));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, command.Gone));
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0x02, 0, 1, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x80, 0x03, 0, 1, 0, 0, 0, 2, 1, 2 })]
    [InlineData(new byte[] { 0, 0, 0, 1, 0, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0x80, 0x03, 0, 99, 0, 0, 0, 0 })]
    public async Task Malformed_frames_end_the_session(byte[] bytes)
    {
        await using var command = await BeginAsync(Plain, "error", "stdin", "stdout", "stderr");
        await client.SendBytesAsync(bytes);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, command.Gone));
    }

    private Task<SpdyRemoteCommand?> AcceptAsync(RemoteCommandQuery query) =>
        SpdyRemoteCommand.AcceptAsync(client.Server, query, version: 4, TimeProvider.System, CancellationToken.None);

    private async Task<SpdyRemoteCommand> BeginAsync(RemoteCommandQuery query, params string[] types)
    {
        var accepting = AcceptAsync(query);
        await OpenAsync(types);
        foreach (var _ in types)
        {
            await client.ReadAsync();
        }

        return (await accepting)!;
    }

    private async Task OpenAsync(params string[] types)
    {
        for (var i = 0; i < types.Length; i++)
        {
            await client.OpenAsync((2 * i) + 1, ("streamtype", types[i]));
        }
    }

    private static async Task<string> ReadToEndAsync(SpdyRemoteCommand command)
    {
        var text = new StringBuilder();
        while (true)
        {
            var read = await command.Stdin!.ReadAsync();
            text.Append(Encoding.ASCII.GetString(read.Buffer.ToArray()));
            command.Stdin.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return text.ToString();
            }
        }
    }

    private static (int Stream, string Text) Text(SpdyFrame frame) => (frame.Stream, Encoding.ASCII.GetString(frame.Payload.Span));
}
