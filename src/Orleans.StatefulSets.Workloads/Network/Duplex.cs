using System.IO.Pipelines;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>
/// One end of a TCP connection of the cluster's network. The two ends may belong to different pods, each on its own scheduler: nothing of
/// one waits for a turn of the other.
/// </summary>
public sealed class Duplex : IOpenFile, IHalfClosable
{
    /// <summary>Bytes on their way before their writer waits.</summary>
    private const int WindowBytes = 65_536;

    private readonly PipeReader received;
    private readonly PipeWriter sent;
    private int shares = 1;

    private Duplex(PipeReader received, PipeWriter sent)
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
        var options = new PipeOptions(pauseWriterThreshold: WindowBytes, resumeWriterThreshold: WindowBytes / 2, minimumSegmentSize: 1024, useSynchronizationContext: false);
        var (up, down) = (new System.IO.Pipelines.Pipe(options), new System.IO.Pipelines.Pipe(options));
        return (new Duplex(down.Reader, up.Writer), new Duplex(up.Reader, down.Writer));
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (buffer.Length == 0)
        {
            return 0;
        }

        ReadResult result;
        try
        {
            result = await received.ReadAsync(cancellation);
        }
        catch (InvalidOperationException)
        {
            // This end was closed while somebody still read.
            throw new FileException(Errno.EBADF);
        }

        var part = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, buffer.Length));
        var count = (int)part.Length;
        foreach (var segment in part)
        {
            segment.CopyTo(buffer);
            buffer = buffer[segment.Length..];
        }

        received.AdvanceTo(part.End);
        return count;
    }

    /// <inheritdoc/>
    /// <exception cref="FileException">EPIPE: the other end is closed, or this one wrote its last.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            var part = bytes[..Math.Min(bytes.Length, WindowBytes / 2)];
            FlushResult result;
            try
            {
                result = await sent.WriteAsync(part, cancellation);
            }
            catch (InvalidOperationException)
            {
                throw new FileException(Errno.EPIPE);
            }

            if (result.IsCompleted)
            {
                throw new FileException(Errno.EPIPE);
            }

            bytes = bytes[part.Length..];
        }
    }

    /// <inheritdoc/>
    public void EndWriting() => sent.Complete();

    /// <inheritdoc/>
    public void Share() => Interlocked.Increment(ref shares);

    /// <inheritdoc/>
    public ValueTask CloseAsync()
    {
        if (Interlocked.Decrement(ref shares) == 0)
        {
            sent.Complete();
            received.Complete();
        }

        return ValueTask.CompletedTask;
    }
}
