namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>
/// How much all processes of a pod may do in a second of the host (wall time: simulated time running faster makes no processor faster).
/// A pod that wants more waits, so a loop without end slows nobody else.
/// </summary>
/// <param name="stepsPerSecond">The bound.</param>
/// <param name="cores">How much of a core they may use over time, whatever a step costs.</param>
/// <param name="wall">The host's clock.</param>
public sealed class StepBudget(int stepsPerSecond, double cores, TimeProvider wall)
{
    private const int YieldEvery = 1000;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    /// <summary>Whoever worked little before may work so long without a pause.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    // Between two steps that are further apart somebody waited for something.
    private static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(2);

    private TimeSpan credit = Burst;
    private long creditedAt = wall.GetTimestamp();
    private long steppedAt;

    private long sliceStart = wall.GetTimestamp();
    private int spent;
    private int sinceYield;

    private int PerSlice => Math.Max(1, (int)(stepsPerSecond * Slice.TotalSeconds));

    /// <summary>Spends steps; waits for the next slice of time where this one is used up.</summary>
    public ValueTask SpendAsync(int steps, CancellationToken cancellation)
    {
        spent += steps;
        sinceYield += steps;
        var now = wall.GetTimestamp();
        var took = wall.GetElapsedTime(steppedAt, now);
        steppedAt = now;
        credit -= took < LongestStep ? took : TimeSpan.Zero;
        return spent <= PerSlice && sinceYield < YieldEvery ? ValueTask.CompletedTask : WaitAsync(cancellation);
    }

    private void Earn()
    {
        var now = wall.GetTimestamp();
        credit += cores * wall.GetElapsedTime(creditedAt, now);
        credit = credit < Burst ? credit : Burst;
        creditedAt = now;
    }

    private async ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (sinceYield >= YieldEvery)
        {
            sinceYield = 0;
            await Task.Yield();
        }

        Earn();
        while (credit < TimeSpan.Zero)
        {
            await Task.Delay(Slice, wall, cancellation);
            Earn();
        }

        while (spent > PerSlice)
        {
            var slices = (int)(wall.GetElapsedTime(sliceStart) / Slice);
            if (slices > 0)
            {
                sliceStart = wall.GetTimestamp();
                spent = (int)Math.Max(0, spent - ((long)slices * PerSlice));
            }
            else
            {
                await Task.Delay(Slice, wall, cancellation);
            }
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
