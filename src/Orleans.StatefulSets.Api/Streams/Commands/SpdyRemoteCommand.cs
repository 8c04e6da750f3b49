using System.IO.Pipelines;
using System.Threading.Channels;
using k8s.Models;
using Orleans.StatefulSets.Api.Streams.Spdy;

namespace Orleans.StatefulSets.Api.Streams.Commands;

/// <summary><c>exec</c> and <c>attach</c> over SPDY/3.1: kubectl up to 1.29, and newer ones where WebSockets are refused.</summary>
internal sealed class SpdyRemoteCommand : IRemoteCommandClient
{
    // Upstream: DefaultStreamCreationTimeout.
    private static readonly TimeSpan StreamsPatience = TimeSpan.FromSeconds(30);

    private readonly SpdyConnection connection;
    private readonly Task running;
    private readonly CancellationTokenSource gone;
    private readonly int version;
    private readonly Dictionary<string, SpdyStream> streams = new(StringComparer.Ordinal);
    private readonly Channel<TerminalSize> sizes = TerminalSizes.NewChannel();

    private SpdyRemoteCommand(Stream transport, int version, CancellationToken aborted)
    {
        this.version = version;
        connection = new SpdyConnection(transport);
        gone = CancellationTokenSource.CreateLinkedTokenSource(aborted, connection.Gone);
        running = connection.RunAsync(gone.Token);
    }

    public PipeReader? Stdin => streams.GetValueOrDefault("stdin")?.Received;

    public ChannelReader<TerminalSize> Sizes => sizes.Reader;

    public CancellationToken Gone => gone.Token;

    /// <summary>Waits until the client has opened every stream of its request.</summary>
    /// <param name="transport">The connection after its upgrade.</param>
    /// <param name="query">The request.</param>
    /// <param name="version">The number in <c>vN.channel.k8s.io</c>: the terminal's size comes from 3 on, the exit code from 4 on.</param>
    /// <param name="wall">The host's clock.</param>
    /// <param name="aborted">The connection's end.</param>
    /// <returns>The client, or null where it opened others than it asked for, or went.</returns>
    public static async Task<SpdyRemoteCommand?> AcceptAsync(Stream transport, RemoteCommandQuery query, int version, TimeProvider wall, CancellationToken aborted)
    {
        var client = new SpdyRemoteCommand(transport, version, aborted);
        var awaited = Streams(query, version).ToHashSet(StringComparer.Ordinal);
        using var patience = new CancellationTokenSource(StreamsPatience, wall);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, client.Gone);
        try
        {
            while (awaited.Count > 0)
            {
                var stream = await client.connection.Opened.ReadAsync(ending.Token);
                var type = stream.Headers.GetValueOrDefault("streamtype", "");
                if (!awaited.Remove(type))
                {
                    break;
                }

                client.streams[type] = stream;
                if (type is "error" or "stdout" or "stderr")
                {
                    await stream.Received.CompleteAsync();
                }
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ChannelClosedException)
        {
            // Too late, or gone: what is awaited still says so.
        }

        if (awaited.Count > 0)
        {
            await client.DisposeAsync();
            return null;
        }

        if (client.streams.TryGetValue("resize", out var resize))
        {
            _ = TerminalSizes.ReadAllAsync(resize.Received, client.sizes.Writer, client.Gone);
        }

        return client;
    }

    public ValueTask SendAsync(bool isError, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        streams.TryGetValue(isError ? "stderr" : "stdout", out var stream) ? stream.SendAsync(bytes, cancellation) : ValueTask.CompletedTask;

    public async ValueTask FinishAsync(V1Status status, CancellationToken cancellation)
    {
        // What the client still types is dropped, so that its connection is read to its end.
        await (Stdin?.CompleteAsync() ?? ValueTask.CompletedTask);
        var error = streams["error"];
        await error.SendAsync(RemoteCommandStatus.Encode(status, version), cancellation);
        foreach (var (_, stream) in streams.OrderBy(pair => pair.Key == "error"))
        {
            await stream.CloseAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        await running;
        await connection.DisposeAsync();
        gone.Dispose();
    }

    private static IEnumerable<string> Streams(RemoteCommandQuery query, int version)
    {
        yield return "error";
        if (query.Stdin)
        {
            yield return "stdin";
        }

        if (query.Stdout)
        {
            yield return "stdout";
        }

        if (query.HasStderr)
        {
            yield return "stderr";
        }

        if (query.Tty && version >= 3)
        {
            yield return "resize";
        }
    }
}
