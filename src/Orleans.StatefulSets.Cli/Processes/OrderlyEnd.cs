namespace Orleans.StatefulSets.Cli.Processes;

/// <summary>Ends processes, children of this one or not: asks, waits, and after some patience doesn't ask any more.</summary>
internal sealed class OrderlyEnd(TimeProvider time)
{
    // Nobody tells about the end of a process that is no child.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a killed process may take to go: it may be in the middle of a call to a slow disk.</summary>
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);

    /// <summary>Ends one process.</summary>
    /// <param name="process">Which.</param>
    /// <param name="signal">How it is asked.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="hurry">When it is not waited for any longer, but killed.</param>
    /// <returns>Whether it ended as it was asked.</returns>
    public async Task<bool> EndAsync(ProcessIdentity process, int signal, TimeSpan patience, CancellationToken hurry = default)
    {
        Signals.Send(process, signal);
        if (await IsGoneAsync(process, patience, hurry))
        {
            return true;
        }

        Signals.Send(process, Signals.Kill);
        await IsGoneAsync(process, KillPatience, CancellationToken.None);
        return false;
    }

    /// <summary>Waits for the end of a process.</summary>
    /// <returns>False where it didn't come in time.</returns>
    public async Task<bool> IsGoneAsync(ProcessIdentity process, TimeSpan patience, CancellationToken hurry)
    {
        var since = time.GetTimestamp();
        while (process.IsAlive)
        {
            if (hurry.IsCancellationRequested || time.GetElapsedTime(since) > patience)
            {
                return false;
            }

            await Task.Delay(Glance, time, CancellationToken.None);
        }

        return true;
    }
}
