using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>A piece of a process's output.</summary>
/// <param name="IsError">Standard error.</param>
/// <param name="Bytes">At least one.</param>
public readonly record struct OutputPiece(bool IsError, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// What processes write to standard output and error, in the order in which they wrote, for one reader outside of the pod. Writers wait
/// while it is full; when the reader went away they hear that nobody reads.
/// </summary>
/// <param name="capacity">Bytes held before writers wait.</param>
internal sealed class OutputQueue(int capacity)
{
    /// <summary>Pieces of one side that wait one behind the other are read as one, up to so many bytes.</summary>
    private const int MostPiece = 32_768;

    private readonly Queue<OutputPiece> pieces = [];
    private long held;
    private int writers;
    private bool isAbandoned;
    private bool isReleased;
    private bool isBegun;
    private TaskCompletionSource? changed;

    /// <summary>A descriptor's worth of one of its two sides; it ends when all are closed.</summary>
    public IOpenFile Open(bool isError)
    {
        Enter();
        return new Writer(this, isError);
    }

    /// <summary>One writer more, where it is no descriptor; see <see cref="Leave"/>.</summary>
    public void Enter()
    {
        writers++;
        isBegun = true;
    }

    /// <summary>The next piece, or null at the end.</summary>
    public async ValueTask<OutputPiece?> ReadAsync(CancellationToken cancellation)
    {
        while (pieces.Count == 0)
        {
            if ((isBegun && writers == 0) || isAbandoned)
            {
                return null;
            }

            await ChangeAsync(cancellation);
        }

        var piece = Next();
        held -= piece.Bytes.Length;
        Changed();
        return piece;
    }

    /// <summary>Takes bytes as a descriptor's write would.</summary>
    /// <exception cref="FileException">EPIPE: the reader went.</exception>
    public async ValueTask WriteAsync(bool isError, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (bytes.Length > 0)
        {
            while (held >= capacity && !isAbandoned && !isReleased)
            {
                await ChangeAsync(cancellation);
            }

            if (isAbandoned)
            {
                throw new FileException(Errno.EPIPE);
            }

            var part = isReleased ? bytes : bytes[..(int)Math.Min(bytes.Length, capacity - held)];
            pieces.Enqueue(new OutputPiece(isError, part.ToArray()));
            held += part.Length;
            bytes = bytes[part.Length..];
            Changed();
        }
    }

    /// <summary>Nobody reads any more.</summary>
    public void Abandon()
    {
        isAbandoned = true;
        pieces.Clear();
        held = 0;
        Changed();
    }

    /// <summary>The writers wait no more, whether or not anybody reads: what they still have to write is little.</summary>
    public void Release()
    {
        isReleased = true;
        Changed();
    }

    /// <summary>One writer fewer, where it was no descriptor.</summary>
    public void Leave()
    {
        writers--;
        Changed();
    }

    private OutputPiece Next()
    {
        var piece = pieces.Dequeue();
        if (!Fits(piece.Bytes.Length))
        {
            return piece;
        }

        var whole = new MemoryStream();
        whole.Write(piece.Bytes.Span);
        while (Fits(whole.Length))
        {
            whole.Write(pieces.Dequeue().Bytes.Span);
        }

        return piece with { Bytes = whole.ToArray() };

        bool Fits(long length) => pieces.TryPeek(out var next) && next.IsError == piece.IsError && length + next.Bytes.Length <= MostPiece;
    }

    private Task ChangeAsync(CancellationToken cancellation)
    {
        changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return changed.Task.WaitAsync(cancellation);
    }

    private void Changed()
    {
        var waiting = changed;
        changed = null;
        waiting?.SetResult();
    }

    private sealed class Writer(OutputQueue queue, bool isError) : IOpenFile
    {
        private int shares = 1;

        public bool IsTerminal => false;

        public (IFileTree Tree, long Node)? File => null;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => throw new FileException(Errno.EBADF);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => queue.WriteAsync(isError, bytes, cancellation);

        public void Share() => shares++;

        public ValueTask CloseAsync()
        {
            if (--shares == 0)
            {
                queue.Leave();
            }

            return ValueTask.CompletedTask;
        }
    }
}
