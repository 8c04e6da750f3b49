namespace Orleans.StatefulSets.Api.InFlight;

/// <summary>
/// A request's place among those that are being served. It is free again when the request has been answered and what it began has come to
/// its end: a client that goes away frees nothing that still works for it.
/// </summary>
internal sealed class Seat(SeatPool? pool, int width) : IDisposable
{
    private int holders = 1;

    /// <summary>The seat of those who need none.</summary>
    public static Seat Free { get; } = new(null, 0);

    /// <summary>Keeps the seat taken until some work has ended, however it ends.</summary>
    public void HoldUntil(Task work)
    {
        if (pool is null || work.IsCompleted)
        {
            return;
        }

        Interlocked.Increment(ref holders);
        work.ContinueWith(
            static (done, seat) =>
            {
                // Whoever waited for it has been told, or has gone.
                _ = done.Exception;
                ((Seat)seat!).Dispose();
            },
            this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public void Dispose()
    {
        if (pool is not null && Interlocked.Decrement(ref holders) == 0)
        {
            pool.GiveBack(width);
        }
    }
}
