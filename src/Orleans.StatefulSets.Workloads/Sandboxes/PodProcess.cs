namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>A process inside a pod, as whoever started it, or attached to it, sees it. May be used on any scheduler, by one reader and one writer.</summary>
public abstract class PodProcess
{
    private readonly PodSandbox sandbox;

    private protected PodProcess(PodSandbox sandbox, OutputQueue output) => (this.sandbox, Output) = (sandbox, output);

    /// <summary>The exit code; null while it runs. Of an attachment 0.</summary>
    public abstract int? ExitCode { get; }

    /// <summary>Why it could not be run, in a container runtime's words; null where it ran.</summary>
    public virtual string? Failure => null;

    /// <summary>The next output, waiting for it; null when there is no more.</summary>
    public Task<OutputPiece?> ReadAsync(CancellationToken cancellation) => sandbox.OnSchedulerAsync(async () =>
    {
        var piece = await Output.ReadAsync(cancellation);
        if (piece is null)
        {
            await EndedAsync(cancellation);
        }

        return piece;
    });

    internal OutputQueue Output { get; }

    /// <summary>How many bytes are taken together or not at all, so that what was taken is known when the writing is cancelled.</summary>
    private protected abstract int TypedAtOnce { get; }

    /// <summary>Hands on what is typed; waits while the process does not read, until this is cancelled.</summary>
    /// <returns>How many bytes were taken: all, unless it was cancelled.</returns>
    public Task<int> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => sandbox.OnSchedulerAsync(async () =>
    {
        var taken = 0;
        try
        {
            while (taken < bytes.Length)
            {
                var piece = bytes.Slice(taken, Math.Min(TypedAtOnce, bytes.Length - taken));
                await TypeAsync(piece, cancellation);
                taken += piece.Length;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // It has no room for more now.
        }

        return taken;
    });

    /// <summary>Nothing more is typed.</summary>
    public Task EndInputAsync() => sandbox.OnSchedulerAsync(EndTypingAsync);

    /// <summary>The terminal that shows it has another size.</summary>
    public Task ResizeAsync(int columns, int rows) => sandbox.OnSchedulerAsync(() =>
    {
        Resize(columns, rows);
        return default;
    });

    /// <summary>Whoever watched it went: nobody reads its output, its input ends, and in a terminal it hears HUP.</summary>
    public Task HangUpAsync() => sandbox.OnSchedulerAsync(async () =>
    {
        Output.Abandon();
        await LeaveAsync();
    });

    private protected abstract ValueTask TypeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    private protected abstract ValueTask EndTypingAsync();

    private protected abstract void Resize(int columns, int rows);

    private protected abstract ValueTask LeaveAsync();

    private protected virtual Task EndedAsync(CancellationToken cancellation) => Task.CompletedTask;
}
