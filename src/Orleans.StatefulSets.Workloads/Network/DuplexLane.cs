using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>
/// One direction of a connection: what one end writes the other reads, in order. The ends run on different schedulers, and one may be closed
/// while somebody still reads or writes there, so everything that is kept is kept under a lock. Its room grows as it fills and goes
/// when it is empty.
/// </summary>
internal sealed class DuplexLane
{
    /// <summary>Bytes on their way before their writer waits.</summary>
    private const int WindowBytes = 65_536;

    private const int LeastRoom = 1024;

    private readonly Lock gate = new();
    private byte[] ring = [];
    private int start;
    private int held;
    private bool hasEnded;
    private bool isAbandoned;
    private TaskCompletionSource? changed;

    /// <summary>Takes what there is, waiting for at least a byte; 0 at the end.</summary>
    /// <exception cref="FileException">EBADF: this end was closed.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (true)
        {
            Task news;
            lock (gate)
            {
                if (isAbandoned)
                {
                    throw new FileException(Errno.EBADF);
                }

                if (held > 0 || buffer.Length == 0)
                {
                    return Take(buffer.Span);
                }

                if (hasEnded)
                {
                    return 0;
                }

                news = Change();
            }

            await news.WaitAsync(cancellation);
        }
    }

    /// <summary>Hands on as many bytes as there is room for, waiting for some.</summary>
    /// <returns>How many: at least one, or 0 where it was cancelled first.</returns>
    /// <exception cref="FileException">EPIPE: nobody reads any more, or the writing was ended.</exception>
    public async ValueTask<int> WriteSomeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (true)
        {
            Task news;
            lock (gate)
            {
                if (isAbandoned || hasEnded)
                {
                    throw new FileException(Errno.EPIPE);
                }

                if (Math.Min(bytes.Length, WindowBytes - held) is var count && (count > 0 || bytes.Length == 0))
                {
                    Put(bytes.Span[..count]);
                    Changed();
                    return count;
                }

                news = Change();
            }

            try
            {
                await news.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                return 0;
            }
        }
    }

    /// <summary>Nothing more is written; what is on its way arrives.</summary>
    public void End()
    {
        lock (gate)
        {
            hasEnded = true;
            Changed();
        }
    }

    /// <summary>Nobody reads any more.</summary>
    public void Abandon()
    {
        lock (gate)
        {
            isAbandoned = true;
            (ring, start, held) = ([], 0, 0);
            Changed();
        }
    }

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(held, buffer.Length);
        var first = Math.Min(count, ring.Length - start);
        ring.AsSpan(start, first).CopyTo(buffer);
        ring.AsSpan(0, count - first).CopyTo(buffer[first..]);
        held -= count;
        start = held == 0 ? 0 : (start + count) % ring.Length;
        if (held == 0 && ring.Length > LeastRoom)
        {
            ring = [];
        }

        Changed();
        return count;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (held + bytes.Length > ring.Length)
        {
            var larger = new byte[Math.Min(WindowBytes, Math.Max(held + bytes.Length, Math.Max(LeastRoom, ring.Length * 2)))];
            var first = Math.Min(held, ring.Length - start);
            ring.AsSpan(start, first).CopyTo(larger);
            ring.AsSpan(0, held - first).CopyTo(larger.AsSpan(first));
            (ring, start) = (larger, 0);
        }

        if (bytes.Length > 0)
        {
            var end = (start + held) % ring.Length;
            var tail = Math.Min(bytes.Length, ring.Length - end);
            bytes[..tail].CopyTo(ring.AsSpan(end));
            bytes[tail..].CopyTo(ring);
            held += bytes.Length;
        }
    }

    private Task Change() => (changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Changed()
    {
        var waiting = changed;
        changed = null;
        waiting?.SetResult();
    }
}
