using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using Orleans.StatefulSets.Api.Streams.Commands;

namespace Orleans.StatefulSets.Api.Tests.Streams;

public sealed class WebSocketRemoteCommandTests : IAsyncLifetime
{
    private static readonly RemoteCommandQuery Query = new() { Command = ["cat"], Stdin = true, Stdout = true, Stderr = true };

    private readonly WebSocket client;
    private readonly WebSocketRemoteCommand command;

    public WebSocketRemoteCommandTests()
    {
        Pipe up = new(), down = new();
        var server = WebSocket.CreateFromStream(new Duplex(up.Reader.AsStream(), down.Writer.AsStream()), new WebSocketCreationOptions { IsServer = true, SubProtocol = "v5.channel.k8s.io" });
        client = WebSocket.CreateFromStream(new Duplex(down.Reader.AsStream(), up.Writer.AsStream()), new WebSocketCreationOptions { SubProtocol = "v5.channel.k8s.io" });
        command = new WebSocketRemoteCommand(server, Query, CancellationToken.None);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await command.DisposeAsync();
        client.Dispose();
    }

    [Fact]
    public async Task Bytes_go_both_ways_by_channel()
    {
        await SendAsync(0, "hello");
        await SendAsync(255, "\0");
        Assert.Equal("hello", await ReadToEndAsync());

        await command.SendAsync(isError: false, "out"u8.ToArray(), CancellationToken.None);
        await command.SendAsync(isError: true, "err"u8.ToArray(), CancellationToken.None);
        await command.FinishAsync(RemoteCommandStatus.Exited(0), CancellationToken.None);

        Assert.Equal((1, "out"), await ReceiveAsync());
        Assert.Equal((2, "err"), await ReceiveAsync());
        Assert.Equal((3, """{"metadata":{},"status":"Success"}"""), await ReceiveAsync());
        Assert.Equal(WebSocketMessageType.Close, (await client.ReceiveAsync(new byte[10], CancellationToken.None)).MessageType);
    }

    [Fact]
    public async Task A_message_in_parts_is_one_message()
    {
        await client.SendAsync(new byte[] { 0, (byte)'a' }, WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);
        await client.SendAsync("bc"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        await SendAsync(255, "\0");

        Assert.Equal("abc", await ReadToEndAsync());
    }

    [Fact]
    public async Task Only_the_newest_size_counts_and_what_is_no_size_is_passed_over()
    {
        await SendAsync(4, "no size");
        await SendAsync(4, """{"Width":10,"Height":20}""");
        await SendAsync(4, """{"Width":101,"Height":33}""");
        await SendAsync(255, "\0");
        await ReadToEndAsync();

        Assert.Equal(new TerminalSize(101, 33), await command.Sizes.ReadAsync());
    }

    [Fact]
    public async Task What_is_typed_behind_the_end_is_dropped()
    {
        await SendAsync(255, "\0");
        await SendAsync(0, "late");
        await SendAsync(255, "\0");
        await SendAsync(77, "unknown");

        Assert.Equal("", await ReadToEndAsync());
        Assert.False(command.Gone.IsCancellationRequested);
    }

    [Fact]
    public async Task A_client_that_closes_ends_the_session()
    {
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

        Assert.Equal("", await ReadToEndAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, command.Gone));
    }

    [Fact]
    public async Task A_message_without_end_ends_the_session()
    {
        // Once nobody reads any more, what is sent finds no room.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (true)
            {
                await client.SendAsync(new byte[64 * 1024], WebSocketMessageType.Binary, endOfMessage: false, command.Gone);
            }
        });
    }

    private Task SendAsync(byte channel, string text) =>
        client.SendAsync(new ArraySegment<byte>([channel, .. Encoding.Latin1.GetBytes(text)]), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    private async Task<(int Channel, string Text)> ReceiveAsync()
    {
        var buffer = new byte[1024];
        var received = await client.ReceiveAsync(buffer, CancellationToken.None);
        return (buffer[0], Encoding.Latin1.GetString(buffer, 1, received.Count - 1));
    }

    private async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        while (true)
        {
            var read = await command.Stdin!.ReadAsync();
            text.Append(Encoding.Latin1.GetString(read.Buffer.ToArray()));
            command.Stdin.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return text.ToString();
            }
        }
    }
}
