using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Grains.Streaming;

/// <summary>A stream into a pod at its node: a process, or a connection. Any scheduler; one reader, one writer.</summary>
internal abstract class NodeStream
{
    /// <summary>Nobody takes what is written any more.</summary>
    public const int Closed = -1;

    /// <summary>When it was last read from or written to, by the host's clock: a stream that nobody holds any more is closed.</summary>
    public long UsedAt { get; set; }

    /// <summary>Whoever uses it is on this silo, and closes it himself.</summary>
    public bool IsHeldHere { get; set; }

    /// <summary>The next pieces, waiting for them until cancelled; then <see cref="StreamPart.Nothing"/>.</summary>
    public abstract Task<StreamPart> ReadAsync(CancellationToken patience);

    /// <summary>Hands bytes in, waiting for room until cancelled.</summary>
    /// <returns>How many were taken: all of them, or as many as there was room for. <see cref="Closed"/> where nobody takes any more.</returns>
    public abstract Task<int> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken patience);

    /// <summary>Hands all bytes in, however long that takes.</summary>
    /// <returns>False where nobody takes them any more.</returns>
    public async Task<bool> WriteAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var taken = await WriteAsync(bytes, cancellation);
            if (taken == Closed)
            {
                return false;
            }

            bytes = bytes[taken..];
        }

        return true;
    }

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

    public override Task<int> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken patience) => process.WriteAsync(bytes, patience);

    public override Task EndInputAsync() => process.EndInputAsync();

    public override Task ResizeAsync(int columns, int rows) => process.ResizeAsync(columns, rows);

    public override Task CloseAsync() => process.HangUpAsync();
}

/// <summary>A connection to a port of a pod.</summary>
/// <param name="connection">The connection.</param>
/// <param name="isOfClient">No pod made it.</param>
internal sealed class ConnectionStream(Duplex connection, bool isOfClient = false) : NodeStream
{
    /// <summary>No pod made it.</summary>
    public bool IsOfClient => isOfClient;

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

    public override async Task<int> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken patience)
    {
        try
        {
            return await connection.WriteSomeAsync(bytes, patience);
        }
        catch (FileException)
        {
            return Closed;
        }
    }

    public override Task EndInputAsync()
    {
        connection.EndWriting();
        return Task.CompletedTask;
    }

    public override Task CloseAsync() => connection.CloseAsync().AsTask();
}
