using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// Asks a journal for its head on behalf of all who want to read what was acknowledged, and knows since when nobody answers.
/// </summary>
/// <param name="ask">The question.</param>
/// <param name="bounds">How long is waited.</param>
/// <param name="wall">The wall clock.</param>
internal sealed class HeadConfirmation(Func<CancellationToken, Task<long>> ask, JournalOptions bounds, TimeProvider wall)
{
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Task<long>? confirming;
    private Task<long>? confirmingNext;
    private long confirmedAt;
    private volatile bool isDoubtful;

    /// <summary>
    /// The head. A question that is under way began before this caller came, so its answer may be too old: whoever comes meanwhile shares
    /// the next one.
    /// </summary>
    public Task<long> ConfirmAsync()
    {
        lock (gate)
        {
            if (confirming is null or { IsCompleted: true })
            {
                return confirming = AskAsync();
            }

            return confirmingNext ??= NextAsync(confirming);
        }
    }

    /// <summary>
    /// Asks where nobody has asked for a while: when the storage is away it is known how old the copy is, however seldom it is read.
    /// </summary>
    public void Refresh()
    {
        lock (gate)
        {
            if (confirming is null or { IsCompleted: true } && wall.GetElapsedTime(confirmedAt) > RefreshEvery)
            {
                confirming = AskAsync();
                confirming.Ignore();
            }
        }
    }

    /// <summary>Waits for what needs a head, as long as it makes sense.</summary>
    /// <returns>Null where it came to its end; else how long ago a head was confirmed last.</returns>
    public async Task<TimeSpan?> TryAsync(Task waiting, CancellationToken cancellation)
    {
        try
        {
            await waiting.WaitAsync(isDoubtful ? bounds.DoubtfulPatience : bounds.ConfirmPatience, wall, cancellation);
            return null;
        }
        catch (Exception failure) when (failure is not ApiException && !cancellation.IsCancellationRequested && confirmedAt != 0)
        {
            // Whatever it was, it is nothing about what the client asked; and the next readers need not find it out again.
            isDoubtful = true;
            waiting.Ignore();
            return wall.GetElapsedTime(confirmedAt);
        }
    }

    private async Task<long> AskAsync()
    {
        var asked = wall.GetTimestamp();
        var head = await ask(CancellationToken.None);
        (confirmedAt, isDoubtful) = (asked, false);
        return head;
    }

    private async Task<long> NextAsync(Task<long> before)
    {
        // Its own callers are told where it fails; this one asks anew. Never at once: what is returned here becomes confirmingNext, and
        // that must be set before it is cleared below.
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);

        Task<long> mine;
        lock (gate)
        {
            confirmingNext = null;
            confirming = mine = AskAsync();
        }

        return await mine;
    }
}
