using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Grains.Network;

/// <summary>A connection to a pod whose node lives on another silo, as a process has it open.</summary>
internal sealed class DistantConnection(DistantStream stream) : IOpenFile, IHalfClosable
{
    private readonly PodConnection connection = new(stream);
    private int shares = 1;

    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (IFileTree Tree, long Node)? File => null;

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await connection.ReadAsync(buffer, cancellation);
        }
        catch (PodConnectionException)
        {
            throw new FileException(Errno.ECONNRESET);
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await connection.WriteAsync(bytes, cancellation);
        }
        catch (Exception failure) when (failure is PodConnectionException or OrleansException or TimeoutException)
        {
            throw new FileException(Errno.EPIPE);
        }
    }

    /// <inheritdoc/>
    public void EndWriting() => connection.EndWritingAsync(CancellationToken.None).AsTask().Ignore();

    /// <inheritdoc/>
    public void Share() => Interlocked.Increment(ref shares);

    /// <inheritdoc/>
    public ValueTask CloseAsync() => Interlocked.Decrement(ref shares) == 0 ? connection.DisposeAsync() : ValueTask.CompletedTask;
}
