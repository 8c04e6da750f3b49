using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// Keeps one replica following its journal by one parked read: whatever is lost, doubled or late, whoever joins late, and whenever
/// the journal moves to another silo, the next read says where it was and mends it (DESIGN law 3).
/// </summary>
internal sealed partial class ReplicaFeed(
    string journal, Replica replica, IJournalStores stores, IGrainFactory grains, JournalOptions bounds, TimeProvider wall, ILogger<ReplicaFeed> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    // An overloaded process is late, and no better for being called lost.
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(12);

    // A read that was lost with a connection is heard of by nobody, and meanwhile this process shows an old cluster. The next one waits
    // longer: a journal that has much to say and little time must come to say it.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private long startedAt;
    private long heardAt;

    /// <summary>Whether the journal answered a moment ago.</summary>
    public bool IsFollowing => heardAt != 0 && Silence < bounds.ReadWait + AnswerPatience;

    /// <summary>How long the journal has not answered.</summary>
    public TimeSpan Silence => startedAt == 0 ? TimeSpan.Zero : wall.GetElapsedTime(heardAt == 0 ? startedAt : heardAt);

    public void Start()
    {
        startedAt = wall.GetTimestamp();
        running = Task.Run(RunAsync);
    }

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await running;
    }

    private async Task RunAsync()
    {
        var grain = grains.GetGrain<IJournalGrain>(journal);
        long epoch = 0;
        var gap = true;
        var patience = FirstPatience;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (gap)
                {
                    await LoadAsync(grain);
                    (gap, heardAt) = (false, wall.GetTimestamp());
                }

                var read = grain.Read(epoch, replica.Head, bounds.ReadBytes);
                read.Ignore();
                var slice = await read.WaitAsync(bounds.ReadWait + patience, wall, stopping.Token);
                (heardAt, patience) = (wall.GetTimestamp(), FirstPatience);
                epoch = slice.Epoch;
                gap = slice.Gap;
                if (!gap)
                {
                    replica.Apply(slice);
                    replica.Refresh();
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogFeedFailed(failure, journal);
                patience = 2 * patience < AnswerPatience ? 2 * patience : AnswerPatience;
                await PauseAsync();
            }
        }
    }

    // The head is confirmed before the objects are read: they may be newer than it, never older, and the first slices then bring
    // nothing that is not there already. And once more after it: up to there something may be gone whose deletion is yet to come.
    private async Task LoadAsync(IJournalGrain grain)
    {
        var head = await grain.ConfirmHead().WaitAsync(stopping.Token);
        List<StoredObject> objects = [];
        await foreach (var record in stores.For(journal).ReadLiveAsync(keysOnly: false, stopping.Token))
        {
            objects.Add(new StoredObject(ObjectKey.Parse(record.Key), record.Uid, record.Revision, record.Payload));
        }

        var settled = await grain.ConfirmHead().WaitAsync(stopping.Token);
        replica.Load(objects, Math.Max(head, objects.Count == 0 ? 0 : objects.Max(item => item.ResourceVersion)), settled);
        LogLoaded(journal, objects.Count, replica.Head);
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(RetryAfter, wall, stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop ends by itself.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The replica of journal {Journal} could not read; it tries again")]
    private partial void LogFeedFailed(Exception failure, string journal);

    [LoggerMessage(Level = LogLevel.Information, Message = "The replica of journal {Journal} holds {Count} objects at {Head}")]
    private partial void LogLoaded(string journal, int count, long head);
}
