using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>What the command of a probe or hook says. Its beginning is kept; it may go on saying more, which is no reason to fail.</summary>
/// <param name="most">Bytes kept.</param>
internal sealed class HandlerOutput(int most) : IOpenFile
{
    private readonly MemoryStream kept = new();

    public bool IsTerminal => false;

    public (IFileTree Tree, long Node)? File => null;

    public string Text => ByteText.ToText(ByteText.FromBytes(kept.ToArray()));

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => throw new FileException(Errno.EBADF);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        kept.Write(bytes.Span[..(int)Math.Min(bytes.Length, most - kept.Length)]);
        return ValueTask.CompletedTask;
    }

    public void Share()
    {
        // Nobody waits for it to close.
    }

    public ValueTask CloseAsync() => ValueTask.CompletedTask;
}
