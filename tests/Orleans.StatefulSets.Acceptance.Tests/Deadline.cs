using System.Diagnostics;

namespace Orleans.StatefulSets.Acceptance.Tests;

/// <summary>Waits for a condition of another process, which can only be asked again and again.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the condition holds.</summary>
    /// <param name="limit">In real time.</param>
    /// <param name="condition">What is asked.</param>
    /// <param name="complaint">What the test says if it never held.</param>
    public static async Task WaitAsync(TimeSpan limit, Func<Task<bool>> condition, Func<string> complaint)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Pause);
        while (!await condition())
        {
            Assert.True(watch.Elapsed < limit, $"After {limit.TotalSeconds} s: {complaint()}");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <inheritdoc cref="WaitAsync(TimeSpan, Func{Task{bool}}, Func{string})"/>
    public static Task WaitAsync(TimeSpan limit, Func<bool> condition, Func<string> complaint) =>
        WaitAsync(limit, () => Task.FromResult(condition()), complaint);

    /// <summary>Waits until a number has not changed for a while.</summary>
    public static async Task WaitForQuietAsync(TimeSpan quiet, Func<int> count)
    {
        using var timer = new PeriodicTimer(Pause);
        var (last, since) = (count(), Stopwatch.StartNew());
        while (since.Elapsed < quiet)
        {
            await timer.WaitForNextTickAsync();
            if (count() != last)
            {
                (last, since) = (count(), Stopwatch.StartNew());
            }
        }
    }
}
