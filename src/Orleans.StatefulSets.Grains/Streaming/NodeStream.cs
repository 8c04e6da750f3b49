using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Grains.Streaming;

/// <summary>A stream into a pod at its node: a process, or a connection. Any scheduler; one reader, one writer.</summary>
internal abstract class NodeStream
{
    protected const int MostBytes = 256 * 1024;

    /// <summary>When it was last read from or written to, by the host's clock: a stream that nobody holds any more is closed.</summary>
    public long UsedAt { get; set; }

    /// <summary>Whoever uses it is on this silo, and closes it himself.</summary>
    public bool IsHeldHere { get; set; }

    /// <summary>The next pieces, waiting for them until cancelled; then <see cref="StreamPart.Nothing"/>.</summary>
    public abstract Task<StreamPart> ReadAsync(CancellationToken patience);

    /// <summary>Hands bytes in, waiting for room.</summary>
    /// <returns>False where nobody takes them any more.</returns>
    public abstract Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    public abstract Task EndInputAsync();

    public virtual Task ResizeAsync(int columns, int rows) => Task.CompletedTask;

    public abstract Task CloseAsync();
}

/// <summary>A process of a pod.</summary>
internal sealed class ProcessStream(PodProcess process) : NodeStream
{
    public override async Task<StreamPart> ReadAsync(CancellationToken patience)
    {
        try
        {
            return await process.ReadAsync(patience) is { } piece
                ? new StreamPart { Pieces = [new ProcessOutput(piece.IsError, piece.Bytes)] }
                : new StreamPart { End = new ProcessEnd(process.ExitCode ?? 0, process.Failure) };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return StreamPart.Nothing;
        }
    }

    public override async Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await process.WriteAsync(bytes, cancellation);
            return true;
        }
        catch (FileException)
        {
            return false;
        }
    }

    public override Task EndInputAsync() => process.EndInputAsync();

    public override Task ResizeAsync(int columns, int rows) => process.ResizeAsync(columns, rows);

    public override Task CloseAsync() => process.HangUpAsync();
}

/// <summary>A connection to a port of a pod.</summary>
internal sealed class ConnectionStream(IOpenFile connection) : NodeStream
{
    private readonly byte[] buffer = new byte[32 * 1024];

    /// <summary>The connection.</summary>
    public IOpenFile Connection => connection;

    public override async Task<StreamPart> ReadAsync(CancellationToken patience)
    {
        try
        {
            var count = await connection.ReadAsync(buffer, patience);
            return count == 0
                ? new StreamPart { End = new ProcessEnd(0) }
                : new StreamPart { Pieces = [new ProcessOutput(false, buffer.AsMemory(0, count).ToArray())] };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return StreamPart.Nothing;
        }
        catch (FileException)
        {
            return new StreamPart { End = new ProcessEnd(0) };
        }
    }

    public override async Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await connection.WriteAsync(bytes, cancellation);
            return true;
        }
        catch (FileException)
        {
            return false;
        }
    }

    public override Task EndInputAsync()
    {
        (connection as IHalfClosable)?.EndWriting();
        return Task.CompletedTask;
    }

    public override Task CloseAsync() => connection.CloseAsync().AsTask();
}
