using Microsoft.Extensions.Logging.Abstractions;
using Orleans.StatefulSets.Api.Streams.Commands;
using Orleans.StatefulSets.Api.Streams.PortForwards;
using Orleans.StatefulSets.Api.Streams.Spdy;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests.Streams;

/// <summary>Frames that nobody sends on purpose: whatever comes, a session ends with its connection, and without a failure.</summary>
public sealed class SpdyFuzzTests
{
    private const int Seeds = 200;
    private const int Frames = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly RemoteCommandQuery Query = new() { Command = ["cat"], Stdin = true, Stdout = true };

    [Fact]
    public async Task A_forward_outlives_no_connection_and_fails_with_none()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            await using var client = new SpdyTestClient();
            await using var connection = new SpdyConnection(client.Server);
            var forwarding = new SpdyPortForward(connection, new ScriptedPods(), ResourceKinds.Pods.Key("default", "a"), TimeProvider.System, NullLogger.Instance)
                .RunAsync(CancellationToken.None);
            await SendAsync(client, seed, ["data", "error"]);
            await client.DisposeAsync();
            await forwarding.WaitAsync(Patience);
        }
    }

    [Fact]
    public async Task A_command_outlives_no_connection_and_fails_with_none()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            await using var client = new SpdyTestClient();
            var accepting = SpdyRemoteCommand.AcceptAsync(client.Server, Query, version: 4, TimeProvider.System, CancellationToken.None);
            await client.OpenAsync(1, ("streamtype", "error"));
            await client.OpenAsync(3, ("streamtype", "stdin"));
            await client.OpenAsync(5, ("streamtype", "stdout"));
            var command = (await accepting)!;
            await using var process = new ScriptedProcess(self => ScriptedPrograms.RunAsync(new ScriptedPods(), self, ["cat"]), hasInput: true);
            var session = new CommandSession(command, process, isExec: true, isTerminal: false, TimeProvider.System, NullLogger.Instance).RunAsync(CancellationToken.None);
            await SendAsync(client, seed, ["stdin", "resize"]);
            await client.DisposeAsync();
            await session.WaitAsync(Patience);
            await command.DisposeAsync();
        }
    }

    private static async Task SendAsync(SpdyTestClient client, int seed, string[] types)
    {
        var random = new Random(seed);
        var (opened, ended) = (7, false);
        for (var i = 0; i < Frames && !ended; i++)
        {
            var stream = 2 * random.Next(opened) + 1;
            switch (random.Next(9))
            {
                case 0 or 1:
                    await client.OpenAsync(2 * opened++ + 1, ("streamtype", types[random.Next(2)]), ("port", $"{random.Next(3) * 7}"), ("requestid", $"{random.Next(6)}"));
                    break;
                case 2 or 3 or 4:
                    await client.SendAsync(stream, new string('x', random.Next(200)), last: random.Next(4) == 0);
                    break;
                case 5:
                    await client.SendAsync(new SpdyFrame(SpdyFrameType.RstStream, 0, 0, (byte[])[.. SpdyBlocks.Number(stream), .. SpdyBlocks.Number(random.Next())]));
                    break;
                case 6:
                    await client.SendAsync(new SpdyFrame(SpdyFrameType.Ping, 0, 0, SpdyBlocks.Number(random.Next())));
                    break;
                case 7 when random.Next(5) == 0:
                    var noise = new byte[random.Next(30)];
                    random.NextBytes(noise);
                    await client.SendAsync(new SpdyFrame((SpdyFrameType)random.Next(12), stream, (byte)random.Next(4), noise));
                    break;
                case 8 when random.Next(20) == 0:
                    var bytes = new byte[random.Next(100)];
                    random.NextBytes(bytes);
                    await client.SendBytesAsync(bytes);
                    ended = true;
                    break;
            }
        }
    }
}
