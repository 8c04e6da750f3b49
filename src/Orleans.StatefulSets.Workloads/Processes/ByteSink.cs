using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>Keeps what is written, up to a bound: the output of a command substitution, or of a probe.</summary>
/// <param name="most">Bytes kept; who writes more is told that nobody reads (EPIPE), so that an endless writer ends.</param>
public sealed class ByteSink(long most) : IOpenFile
{
    private readonly MemoryStream kept = new();
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int shares = 1;

    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (IFileTree Tree, long Node)? File => null;

    /// <summary>Whether more was written than is kept.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Ends when the last descriptor closed.</summary>
    public Task Closed => closed.Task;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Bytes => kept.GetBuffer().AsSpan(0, (int)kept.Length);

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => throw new FileException(Errno.EBADF);

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (Overflowed || kept.Length + bytes.Length > most)
        {
            Overflowed = true;
            throw new FileException(Errno.EPIPE);
        }

        kept.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Share() => shares++;

    /// <inheritdoc/>
    public ValueTask CloseAsync()
    {
        if (--shares == 0)
        {
            closed.TrySetResult();
        }

        return ValueTask.CompletedTask;
    }
}
