using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Api.Streams.Commands;

namespace Orleans.StatefulSets.Api.Tests.Streams;

public sealed class WebSocketRemoteCommandTests : IAsyncLifetime
{
    private static readonly RemoteCommandQuery Query = new() { Command = ["cat"], Stdin = true, Stdout = true, Stderr = true };

    private readonly MemoryDuplex connection = new();
    private readonly FakeTimeProvider time = new();
    private readonly WebSocket client;
    private readonly WebSocketRemoteCommand command;

    public WebSocketRemoteCommandTests()
    {
        var server = WebSocket.CreateFromStream(connection.Server, new WebSocketCreationOptions { IsServer = true });
        client = WebSocket.CreateFromStream(connection.Client, new WebSocketCreationOptions());
        command = new WebSocketRemoteCommand(server, new CommandProtocol("v5.channel.k8s.io", 5), Query, time, CancellationToken.None);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await command.DisposeAsync();
        client.Dispose();
    }

    // kubectl throws away what comes before it is ready for it.
    [Fact]
    public async Task Nothing_is_sent_in_the_first_moment()
    {
        var receiving = ReceiveAsync();
        var sending = command.SendAsync(isError: false, "out"u8.ToArray(), CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.False(sending.IsCompleted);
        Assert.False(receiving.IsCompleted);

        time.Advance(TimeSpan.FromMilliseconds(30));
        await sending;
        Assert.Equal((1, "out"), await receiving);
    }

    [Fact]
    public async Task Bytes_go_both_ways_by_channel()
    {
        time.Advance(TimeSpan.FromSeconds(1));
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

    // Of other clients, a file may come as one message.
    [Fact]
    public async Task A_message_is_passed_on_as_it_comes_however_long_it_is()
    {
        const int pieces = 100;
        var sending = SendPiecesAsync(pieces);
        var left = pieces * 64 * 1024 - 1;
        while (left > 0)
        {
            var read = await command.Stdin!.ReadAsync();
            left -= (int)read.Buffer.Length;
            command.Stdin.AdvanceTo(read.Buffer.End);
        }

        await sending;
        await SendAsync(255, "\0");
        Assert.Equal("", await ReadToEndAsync());
    }

    [Fact]
    public async Task A_part_of_a_longer_message_is_no_size()
    {
        await client.SendAsync("\x4{\"Width\":10,\"Height\":20}"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);
        await client.SendAsync(" "u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        await SendAsync(255, "\0");
        await ReadToEndAsync();

        Assert.False(command.Sizes.TryRead(out _));
    }

    private async Task SendPiecesAsync(int pieces)
    {
        for (var i = 0; i < pieces; i++)
        {
            await client.SendAsync(new byte[64 * 1024], WebSocketMessageType.Binary, endOfMessage: i == pieces - 1, CancellationToken.None);
        }
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
