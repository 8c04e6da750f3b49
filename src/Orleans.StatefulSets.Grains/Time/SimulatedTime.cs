namespace Orleans.StatefulSets.Grains.Time;

/// <summary>
/// The simulated clock as a <see cref="TimeProvider"/>, for what runs inside pods: <c>sleep</c>, time-outs, files' times. Its timers stand in
/// the silo's one wheel.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="wheel">The silo's timer.</param>
public sealed class SimulatedTime(ClusterClock clock, TimingWheel wheel) : TimeProvider
{
    private long timers;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(clock.Now, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => clock.Now.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WheelTimer(this, $"timer/{Interlocked.Increment(ref timers):x16}", () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class WheelTimer(SimulatedTime time, string key, Action callback) : ITimer
    {
        private readonly Lock gate = new();
        private int version;
        private TimeSpan every;
        private bool isDisposed;

        private ClusterClock Clock => time.Clock;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (gate)
            {
                if (isDisposed)
                {
                    return false;
                }

                version++;
                every = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Schedule(dueTime, version);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                isDisposed = true;
                version++;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Schedule(TimeSpan after, int scheduled)
        {
            var now = Clock.Now;
            var due = after > DateTime.MaxValue - now - TimeSpan.FromDays(1) ? DateTime.MaxValue.AddDays(-1) : now + after;
            time.Wheel.Schedule(key, due, () => Fire(scheduled));
        }

        private void Fire(int scheduled)
        {
            lock (gate)
            {
                if (isDisposed || scheduled != version)
                {
                    return;
                }

                if (every > TimeSpan.Zero)
                {
                    Schedule(every, scheduled);
                }
            }

            // The wheel's own loop is not held up by whoever waited.
            ThreadPool.UnsafeQueueUserWorkItem(static run => run(), callback, preferLocal: false);
        }
    }

    private ClusterClock Clock => clock;

    private TimingWheel Wheel => wheel;
}
