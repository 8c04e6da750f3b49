using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>What <c>/dev/null</c> opens as: always at its end, and takes whatever is written.</summary>
public sealed class NullFile : IOpenFile
{
    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (IFileTree Tree, long Node)? File => null;

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => ValueTask.FromResult(0);

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public void Share()
    {
    }

    /// <inheritdoc/>
    public ValueTask CloseAsync() => ValueTask.CompletedTask;
}
