namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes;

/// <summary>How many timers are held.</summary>
internal sealed class TimerCount
{
    private int held;

    public int Held => Volatile.Read(ref held);

    public void Add(int count) => Interlocked.Add(ref held, count);
}

/// <summary>A clock that counts the timers that it holds.</summary>
internal sealed class CountedTime(TimeProvider inner, TimerCount count) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        count.Add(1);
        return new Counted(inner.CreateTimer(callback, state, dueTime, period), count);
    }

    private sealed class Counted(ITimer inner, TimerCount count) : ITimer
    {
        private int disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(dueTime, period);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0)
            {
                count.Add(-1);
                inner.Dispose();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
