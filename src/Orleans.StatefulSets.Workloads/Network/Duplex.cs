using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>
/// One end of a TCP connection of the cluster's network. The two ends may belong to different pods, each on its own scheduler: nothing of
/// one waits for a turn of the other.
/// </summary>
public sealed class Duplex : IOpenFile, IHalfClosable
{
    private readonly DuplexLane received;
    private readonly DuplexLane sent;
    private int shares = 1;

    private Duplex(DuplexLane received, DuplexLane sent)
    {
        this.received = received;
        this.sent = sent;
    }

    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (IFileTree Tree, long Node)? File => null;

    /// <summary>Makes a connection.</summary>
    /// <returns>Its two ends.</returns>
    public static (Duplex Client, Duplex Server) Open()
    {
        var (up, down) = (new DuplexLane(), new DuplexLane());
        return (new Duplex(down, up), new Duplex(up, down));
    }

    /// <inheritdoc/>
    /// <exception cref="FileException">EBADF: this end was closed, also while somebody read.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => received.ReadAsync(buffer, cancellation);

    /// <inheritdoc/>
    /// <exception cref="FileException">EPIPE: the other end is closed, or this one wrote its last.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            bytes = bytes[await sent.WriteSomeAsync(bytes, cancellation)..];
        }
    }

    /// <summary>Writes as much as there is room for, waiting for some.</summary>
    /// <returns>How many bytes: at least one, or 0 where it was cancelled first.</returns>
    /// <exception cref="FileException">EPIPE: as for <see cref="WriteAsync"/>.</exception>
    public ValueTask<int> WriteSomeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => sent.WriteSomeAsync(bytes, cancellation);

    /// <inheritdoc/>
    public void EndWriting() => sent.End();

    /// <inheritdoc/>
    public void Share() => Interlocked.Increment(ref shares);

    /// <inheritdoc/>
    public ValueTask CloseAsync()
    {
        if (Interlocked.Decrement(ref shares) == 0)
        {
            sent.End();
            received.Abandon();
        }

        return ValueTask.CompletedTask;
    }
}
