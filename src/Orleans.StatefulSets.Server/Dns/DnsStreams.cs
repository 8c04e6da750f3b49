using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;

namespace Orleans.StatefulSets.Server.Dns;

/// <summary>DNS over TCP: messages with their length before them, several a connection, one after another (RFC 7766).</summary>
internal sealed class DnsStreams(DnsResponder responder, TimeProvider wall)
{
    /// <summary>Bytes of the longest query that is read. A question has 271 at most; the rest is for EDNS.</summary>
    public const int LongestQuery = 4096;

    /// <summary>Connections open at once; more are closed as they come.</summary>
    public const int MostConnections = 128;

    // How long a client may take for a query, and for taking an answer; CoreDNS' idle timeout.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HashSet<Task> open = [];

    /// <summary>Serves until it is told to stop, and all connections are closed.</summary>
    public async Task ServeAsync(Socket listener, CancellationToken stopping)
    {
        while (await AcceptAsync(listener, stopping) is { } accepted)
        {
            open.RemoveWhere(connection => connection.IsCompleted);
            if (accepted.Client is not { } client)
            {
                continue;
            }

            if (open.Count >= MostConnections)
            {
                client.Dispose();
                continue;
            }

            open.Add(ConverseAsync(client, stopping).AsTask());
        }

        await Task.WhenAll(open);
    }

    // Null at the end; without a client where one went before it was taken.
    private static async ValueTask<Accepted?> AcceptAsync(Socket listener, CancellationToken stopping)
    {
        try
        {
            return new Accepted(await listener.AcceptAsync(stopping));
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (SocketException)
        {
            return new Accepted(null);
        }
    }

    private async ValueTask ConverseAsync(Socket client, CancellationToken stopping)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestQuery + 2 + DnsResponder.MostBytes);
        try
        {
            client.NoDelay = true;
            await using var stream = new NetworkStream(client, ownsSocket: true);
            while (await TryServeOneAsync(stream, buffer, stopping))
            {
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
        {
            // It went, was silent for too long, or does not take its answer.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<bool> TryServeOneAsync(NetworkStream stream, byte[] buffer, CancellationToken stopping)
    {
        using var timer = new CancellationTokenSource(Patience, wall);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stopping);
        var prefix = buffer.AsMemory(0, 2);
        await stream.ReadExactlyAsync(prefix, either.Token);
        var length = BinaryPrimitives.ReadUInt16BigEndian(prefix.Span);
        if (length > LongestQuery)
        {
            return false;
        }

        var query = buffer.AsMemory(0, length);
        await stream.ReadExactlyAsync(query, either.Token);
        var response = buffer.AsMemory(LongestQuery, 2 + DnsResponder.MostBytes);
        var written = responder.Respond(query, response.Span[2..], isDatagram: false);
        if (written == 0)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(response.Span, (ushort)written);
        await stream.WriteAsync(response[..(2 + written)], either.Token);
        return true;
    }

    private sealed record Accepted(Socket? Client);
}
