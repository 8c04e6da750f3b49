using System.Net.WebSockets;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.StatefulSets.Api.Streams.Commands;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Grains.Streaming;

namespace Orleans.StatefulSets.Api.Tests.Streams;

/// <summary>A session over a connection in memory, which holds little.</summary>
public sealed class CommandSessionTests
{
    private static readonly RemoteCommandQuery Query = new() { Command = ["x"], Stdin = true, Stdout = true };

    [Fact]
    public async Task A_process_gives_no_more_than_its_client_takes()
    {
        // The connection, the frames under way and the process's own queue.
        const int underWay = 500_000;
        await using var connection = new MemoryDuplex();
        await using var process = new ScriptedProcess(self => ScriptedPrograms.RunAsync(new ScriptedPods(), self, ["endless"]), hasInput: true);
        await using var client = new WebSocketRemoteCommand(
            WebSocket.CreateFromStream(connection.Server, new WebSocketCreationOptions { IsServer = true }),
            new CommandProtocol("v5.channel.k8s.io", 5), Query, TimeProvider.System, CancellationToken.None);
        var session = new CommandSession(client, process, isExec: true, isTerminal: false, TimeProvider.System, NullLogger.Instance).RunAsync(CancellationToken.None);
        using var socket = WebSocket.CreateFromStream(connection.Client, new WebSocketCreationOptions());
        var (buffer, taken) = (new byte[100_000], 0L);
        while (taken < 20_000_000)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            Assert.Equal(1, buffer[0]);
            Assert.Equal(ScriptedPrograms.Pattern(received.Count - 1, (int)taken), buffer[1..received.Count]);
            taken += received.Count - 1;
            Assert.InRange(process.Given, 0, taken + underWay);
        }

        await connection.DisposeAsync();
        await session.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_client_that_goes_has_not_ended_the_input()
    {
        await using var connection = new MemoryDuplex();
        var input = new TaskCompletionSource<int>();
        await using var process = new ScriptedProcess(
            async self =>
            {
                var read = await self.Input.ReadAsync(new byte[1], self.HungUp);
                input.SetResult(read);
                return new ProcessEnd(0);
            },
            hasInput: true);
        await using var client = new WebSocketRemoteCommand(
            WebSocket.CreateFromStream(connection.Server, new WebSocketCreationOptions { IsServer = true }),
            new CommandProtocol("v4.channel.k8s.io", 4), Query, TimeProvider.System, CancellationToken.None);
        var session = new CommandSession(client, process, isExec: true, isTerminal: false, TimeProvider.System, NullLogger.Instance).RunAsync(CancellationToken.None);
        await connection.DisposeAsync();
        await session.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.False(input.Task.IsCompleted);
    }
}
