namespace Orleans.StatefulSets.Api.InFlight;

/// <summary>
/// A bounded number of seats and, before them, a bounded queue: first come, first served. Beyond the queue, and after too long a wait in
/// it, a request is refused before anything was done for it.
/// </summary>
/// <param name="seats">How many there are.</param>
/// <param name="places">How many requests may wait.</param>
/// <param name="patience">How long one waits at most.</param>
/// <param name="time">Wall time.</param>
internal sealed class SeatPool(int seats, int places, TimeSpan patience, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly LinkedList<Waiter> waiting = [];
    private int taken;

    /// <summary>Seats that are taken now.</summary>
    public int Taken
    {
        get
        {
            lock (gate)
            {
                return taken;
            }
        }
    }

    /// <summary>Takes seats; null where the queue is full or did not move on in time.</summary>
    /// <param name="width">How many; never more than there are.</param>
    /// <param name="cancellation">The request is given up.</param>
    public ValueTask<Seat?> TryTakeAsync(int width, CancellationToken cancellation)
    {
        width = Math.Clamp(width, 1, seats);
        lock (gate)
        {
            if (waiting.Count == 0 && taken + width <= seats)
            {
                taken += width;
                return new ValueTask<Seat?>(new Seat(this, width));
            }

            if (waiting.Count >= places)
            {
                return new ValueTask<Seat?>((Seat?)null);
            }

            return new ValueTask<Seat?>(WaitAsync(waiting.AddLast(new Waiter(width)), cancellation));
        }
    }

    /// <summary>Gives seats back, to whoever has waited longest.</summary>
    public void GiveBack(int width)
    {
        lock (gate)
        {
            taken -= width;
            MoveUp();
        }
    }

    private async Task<Seat?> WaitAsync(LinkedListNode<Waiter> place, CancellationToken cancellation)
    {
        var waiter = place.Value;
        try
        {
            await waiter.Called.Task.WaitAsync(patience, time, cancellation);
        }
        catch (TimeoutException)
        {
            // Called in the very moment of giving up: then it is seated after all.
            if (Leave(place))
            {
                return null;
            }
        }
        catch (OperationCanceledException)
        {
            if (!Leave(place))
            {
                GiveBack(waiter.Width);
            }

            throw;
        }

        return new Seat(this, waiter.Width);
    }

    // False: it was called before.
    private bool Leave(LinkedListNode<Waiter> place)
    {
        lock (gate)
        {
            if (place.List is null)
            {
                return false;
            }

            waiting.Remove(place);

            // A wide one in front may have been what the others waited for.
            MoveUp();
            return true;
        }
    }

    private void MoveUp()
    {
        while (waiting.First is { } first && taken + first.Value.Width <= seats)
        {
            waiting.RemoveFirst();
            taken += first.Value.Width;
            first.Value.Called.SetResult();
        }
    }

    private sealed record Waiter(int Width)
    {
        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
