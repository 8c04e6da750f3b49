using Orleans.StatefulSets.Grains.Nodes;

namespace Orleans.StatefulSets.Grains.Streaming;

/// <summary>A stream whose node lives on another silo.</summary>
internal sealed class DistantStream(INodeGrain node, string name) : NodeStream
{
    private const int MostSent = 64 * 1024;

    public override async Task<StreamPart> ReadAsync(CancellationToken patience) => await node.ReadStream(name).WaitAsync(patience);

    public override async Task<int> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken patience) =>
        await node.WriteStream(name, bytes[..Math.Min(bytes.Length, MostSent)].ToArray()).WaitAsync(patience);

    public override Task EndInputAsync() => node.EndStreamInput(name);

    public override Task ResizeAsync(int columns, int rows) => node.ResizeStream(name, columns, rows);

    public override Task CloseAsync() => node.CloseStream(name);
}

/// <summary>A stream of this silo, which goes from the list with its holder.</summary>
internal sealed class HeldStream(NodeStreams streams, string name, NodeStream stream) : NodeStream
{
    public override Task<StreamPart> ReadAsync(CancellationToken patience) => stream.ReadAsync(patience);

    public override Task<int> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken patience) => stream.WriteAsync(bytes, patience);

    public override Task EndInputAsync() => stream.EndInputAsync();

    public override Task ResizeAsync(int columns, int rows) => stream.ResizeAsync(columns, rows);

    public override Task CloseAsync() => streams.CloseAsync(name);
}

/// <summary>A process of a pod, wherever its node lives.</summary>
/// <param name="stream">The process at its node.</param>
/// <param name="session">Ends with it.</param>
internal sealed class RunningProcess(NodeStream stream, IDisposable session) : IPodProcess
{
    private readonly Queue<ProcessOutput> pieces = [];

    /// <inheritdoc/>
    public ProcessEnd? End { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<ProcessOutput?> ReadAsync(CancellationToken cancellation)
    {
        while (pieces.Count == 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (End is not null)
            {
                return null;
            }

            StreamPart part;
            try
            {
                part = await stream.ReadAsync(cancellation);
            }
            catch (Exception) when (!cancellation.IsCancellationRequested)
            {
                // The node's silo went, and the process with it.
                part = new StreamPart { End = new ProcessEnd(137, "error dialing backend: the node's connection was lost") };
            }

            foreach (var piece in part.Pieces)
            {
                pieces.Enqueue(piece);
            }

            End ??= part.End;
        }

        return pieces.Dequeue();
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => await UnlessLostAsync(stream.WriteAllAsync(bytes, cancellation));

    /// <inheritdoc/>
    public async ValueTask EndInputAsync(CancellationToken cancellation) => await UnlessLostAsync(stream.EndInputAsync().WaitAsync(cancellation));

    /// <inheritdoc/>
    public async ValueTask ResizeAsync(int columns, int rows, CancellationToken cancellation) => await UnlessLostAsync(stream.ResizeAsync(columns, rows).WaitAsync(cancellation));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await stream.CloseAsync();
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // Its node went first.
        }
        finally
        {
            session.Dispose();
        }
    }

    // Whoever reads hears how it ended.
    private static async Task UnlessLostAsync(Task done)
    {
        try
        {
            await done;
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // The node's silo went, and the process with it.
        }
    }
}

/// <summary>A connection to a port of a pod, wherever its node lives.</summary>
/// <param name="stream">The connection at its node.</param>
/// <param name="session">Ends with it where it is a client's; null for one of another pod.</param>
internal sealed class PodConnection(NodeStream stream, IDisposable? session = null) : IPodConnection
{
    private ReadOnlyMemory<byte> left;
    private bool hasEnded;

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (left.IsEmpty)
        {
            cancellation.ThrowIfCancellationRequested();
            if (hasEnded)
            {
                return 0;
            }

            StreamPart part;
            try
            {
                part = await stream.ReadAsync(cancellation);
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException)
            {
                throw new PodConnectionException("lost connection to pod");
            }

            hasEnded = part.End is not null;
            left = part.Pieces.Count > 0 ? part.Pieces[0].Bytes : default;
        }

        var count = Math.Min(buffer.Length, left.Length);
        left[..count].CopyTo(buffer);
        left = left[count..];
        return count;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (!await stream.WriteAllAsync(bytes, cancellation))
        {
            throw new PodConnectionException("write: broken pipe");
        }
    }

    /// <inheritdoc/>
    public async ValueTask EndWritingAsync(CancellationToken cancellation) => await stream.EndInputAsync().WaitAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await stream.CloseAsync();
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // Its node went first.
        }
        finally
        {
            session?.Dispose();
        }
    }
}
