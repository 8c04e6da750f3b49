using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>A pipe (<c>pipe(7)</c>): what its writers write its readers read, in order. Its buffer grows as it fills, up to its bound.</summary>
public sealed class Pipe
{
    private const int Atomic = 4096;
    private readonly int capacity;
    private byte[] ring = [];
    private int start;
    private int held;
    private int readers = 1;
    private int writers = 1;
    private TaskCompletionSource? changed;

    private Pipe(int capacity) => this.capacity = Math.Max(capacity, Atomic);

    /// <summary>Makes a pipe.</summary>
    /// <param name="capacity">Bytes that it holds before its writer waits; at least 4,096.</param>
    /// <returns>Its two ends, each of them held once.</returns>
    public static (IOpenFile Reader, IOpenFile Writer) Open(int capacity)
    {
        var pipe = new Pipe(capacity);
        return (new ReaderEnd(pipe), new WriterEnd(pipe));
    }

    private async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (buffer.Length == 0)
        {
            return 0;
        }

        while (held == 0)
        {
            if (writers == 0)
            {
                return 0;
            }

            await ChangeAsync(cancellation);
        }

        var count = Math.Min(held, buffer.Length);
        var first = Math.Min(count, ring.Length - start);
        ring.AsSpan(start, first).CopyTo(buffer.Span);
        ring.AsSpan(0, count - first).CopyTo(buffer.Span[first..]);
        start = (start + count) % ring.Length;
        held -= count;
        Changed();
        return count;
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (bytes.Length > 0)
        {
            // What is no longer than PIPE_BUF goes in one piece, so that the lines of several writers do not mix.
            var wanted = bytes.Length <= Atomic ? bytes.Length : 1;
            while (readers > 0 && capacity - held < wanted)
            {
                await ChangeAsync(cancellation);
            }

            if (readers == 0)
            {
                throw new FileException(Errno.EPIPE);
            }

            var count = Math.Min(bytes.Length, capacity - held);
            Put(bytes.Span[..count]);
            bytes = bytes[count..];
            Changed();
        }
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (held + bytes.Length > ring.Length)
        {
            var larger = new byte[Math.Min(capacity, Math.Max(held + bytes.Length, Math.Max(512, ring.Length * 2)))];
            var first = Math.Min(held, ring.Length - start);
            ring.AsSpan(start, first).CopyTo(larger);
            ring.AsSpan(0, held - first).CopyTo(larger.AsSpan(first));
            ring = larger;
            start = 0;
        }

        var end = (start + held) % ring.Length;
        var tail = Math.Min(bytes.Length, ring.Length - end);
        bytes[..tail].CopyTo(ring.AsSpan(end));
        bytes[tail..].CopyTo(ring);
        held += bytes.Length;
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

    private sealed class ReaderEnd(Pipe pipe) : IOpenFile
    {
        public bool IsTerminal => false;

        public (IFileTree Tree, long Node)? File => null;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => pipe.ReadAsync(buffer, cancellation);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => throw new FileException(Errno.EBADF);

        public void Share() => pipe.readers++;

        public ValueTask CloseAsync()
        {
            if (--pipe.readers == 0)
            {
                pipe.ring = [];
                pipe.held = 0;
                pipe.Changed();
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class WriterEnd(Pipe pipe) : IOpenFile
    {
        public bool IsTerminal => false;

        public (IFileTree Tree, long Node)? File => null;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => throw new FileException(Errno.EBADF);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => pipe.WriteAsync(bytes, cancellation);

        public void Share() => pipe.writers++;

        public ValueTask CloseAsync()
        {
            if (--pipe.writers == 0)
            {
                pipe.Changed();
            }

            return ValueTask.CompletedTask;
        }
    }
}
