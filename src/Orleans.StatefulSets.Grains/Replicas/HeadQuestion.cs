using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// Asks a journal for its head. Where its holder was lost, or is one of the past, the question is put to the next one; a storage that does
/// not answer is nothing that asking again would mend.
/// </summary>
internal sealed class HeadQuestion(string journal, IGrainFactory grains, TimeProvider wall)
{
    private const int MostAttempts = 8;
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(250);

    // Of a question that was lost with a connection nobody tells. A database that hangs is told of a little sooner.
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(6);

    public async Task<long> AskAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var asked = grains.GetGrain<IJournalGrain>(journal).ConfirmHead();
                asked.Ignore();
                return await asked.WaitAsync(AskPatience * attempt, wall, cancellation);
            }
            catch (Exception failure) when (attempt < MostAttempts && failure is not (JournalStorageException or OperationCanceledException))
            {
                await Task.Delay(AskAgainAfter * attempt, wall, cancellation);
            }
        }
    }
}
