using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>Fixed bytes to be read once, in order: a here-document.</summary>
/// <param name="bytes">The bytes.</param>
public sealed class ByteSource(byte[] bytes) : IOpenFile
{
    private int read;

    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (IFileTree Tree, long Node)? File => null;

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var count = Math.Min(buffer.Length, bytes.Length - read);
        bytes.AsSpan(read, count).CopyTo(buffer.Span);
        read += count;
        return ValueTask.FromResult(count);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => throw new FileException(Errno.EBADF);

    /// <inheritdoc/>
    public void Share()
    {
    }

    /// <inheritdoc/>
    public ValueTask CloseAsync() => ValueTask.CompletedTask;
}
