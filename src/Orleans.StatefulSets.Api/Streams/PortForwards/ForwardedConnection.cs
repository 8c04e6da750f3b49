using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Api.Streams.Upgrades;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Streams.PortForwards;

/// <summary>One connection of a client's to a port of a pod.</summary>
internal sealed partial class ForwardedConnection(IPodStreams pods, ObjectKey pod, int port, IForwardClient client, ILogger logger)
{
    private const int ReadAtOnce = 32 * 1024;

    /// <summary>Carries bytes until the pod, or the client, has no more.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(client.Dropped, cancellation);
        try
        {
            await ConnectAsync(ending.Token);
        }
        catch (Exception failure) when (ending.IsCancellationRequested || ConnectionEnd.Is(failure))
        {
            // Either side broke it off. Nobody is told: a client that hears of a failure gives up its other connections too.
        }
        catch (Exception failure)
        {
            LogBroken(logger, port, failure);
        }

        // What else the client sends is dropped, so that it holds up no other connection.
        await client.Received.CompleteAsync();
        try
        {
            await client.EndAsync(cancellation);
        }
        catch (Exception failure) when (cancellation.IsCancellationRequested || ConnectionEnd.Is(failure))
        {
            // Nobody is there to be told.
        }
    }

    private async Task ConnectAsync(CancellationToken ending)
    {
        IPodConnection connection;
        try
        {
            connection = await pods.ConnectAsync(pod, port, ending);
        }
        catch (Exception refusal) when (!ending.IsCancellationRequested)
        {
            if (refusal is not (PodConnectionException or ApiException))
            {
                LogBroken(logger, port, refusal);
            }

            await client.FailAsync(
                string.Create(CultureInfo.InvariantCulture, $"error forwarding port {port} to pod {pod.Name}, uid : {refusal.Message}"), ending);
            return;
        }

        await using (connection)
        {
            using var up = CancellationTokenSource.CreateLinkedTokenSource(ending);
            var sending = SendUpAsync(connection, up.Token);
            try
            {
                await ReadDownAsync(connection, ending);
            }
            finally
            {
                // Where the pod has ended its side, nothing that the client still sends can be answered.
                await up.CancelAsync();
                await sending;
            }
        }
    }

    private async Task ReadDownAsync(IPodConnection connection, CancellationToken ending)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadAtOnce);
        try
        {
            while (await connection.ReadAsync(buffer.AsMemory(0, ReadAtOnce), ending) is > 0 and var count)
            {
                await client.SendAsync(buffer.AsMemory(0, count), ending);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task SendUpAsync(IPodConnection connection, CancellationToken ending)
    {
        try
        {
            while (true)
            {
                var read = await client.Received.ReadAsync(ending);
                foreach (var piece in read.Buffer)
                {
                    await connection.WriteAsync(piece, ending);
                }

                client.Received.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            ending.ThrowIfCancellationRequested();
            await connection.EndWritingAsync(ending);
        }
        catch (Exception failure) when (ending.IsCancellationRequested || ConnectionEnd.Is(failure))
        {
            // The pod takes no more: what it still sends is read to its end.
        }
        finally
        {
            await client.Received.CompleteAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A forwarded connection to port {Port} of a pod failed")]
    private static partial void LogBroken(ILogger logger, int port, Exception error);
}
