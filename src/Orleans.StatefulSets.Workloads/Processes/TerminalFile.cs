using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>A terminal as its processes have it open. All descriptors of it may be one.</summary>
/// <param name="terminal">The terminal.</param>
public sealed class TerminalFile(Terminal terminal) : IOpenFile
{
    private int shares = 1;

    /// <summary>The terminal.</summary>
    public Terminal Terminal => terminal;

    /// <inheritdoc/>
    public bool IsTerminal => true;

    /// <inheritdoc/>
    public (IFileTree Tree, long Node)? File => null;

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => terminal.ReadAsync(buffer, cancellation);

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => terminal.WriteAsync(bytes, cancellation);

    /// <inheritdoc/>
    public void Share() => shares++;

    /// <inheritdoc/>
    public ValueTask CloseAsync()
    {
        if (--shares == 0)
        {
            terminal.Close();
        }

        return ValueTask.CompletedTask;
    }
}
