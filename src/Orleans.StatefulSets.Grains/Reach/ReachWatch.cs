using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Reach;

/// <summary>
/// Asks all other silos again and again whether they are there, and has this one leave where <see cref="ReachRules"/> say so and the
/// database answers all the while: where it does not, Orleans can't bury the dead, and nobody knows who is there.
/// </summary>
internal sealed partial class ReachWatch(
    ISiloStatusOracle silos, ReachClient reach, ReplicaSet replicas, HeldJournals held, IJournalStores stores, ISiloDeparture departure, TimeProvider wall,
    ILogger<ReachWatch> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(3);

    // After an outage of the database it takes a moment until all know again who is there.
    private const int RoundsOfDoubt = 2;

    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<SiloAddress, long> heardAt = [];
    private Task watching = Task.CompletedTask;
    private int doubts;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(ReachWatch), ServiceLifecycleStage.Active + 1, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellation)
    {
        watching = Task.Run(WatchAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellation)
    {
        await stopping.CancelAsync();
        await watching;
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Period, wall);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                var silent = await AskAllAsync();
                doubts = ReachRules.MustLeave(silos.SiloAddress, silent, held.Holds(Journals.Objects), replicas.JournalSilence) && await StorageAnswersAsync() ? doubts + 1 : 0;
                if (doubts > RoundsOfDoubt)
                {
                    var why = $"this silo has not reached {string.Join(", ", silent.Where(peer => peer.Value >= ReachRules.Patience).Select(peer => peer.Key.Endpoint))} for {ReachRules.Patience.TotalSeconds} s, which others reach; it leaves the cluster";
                    LogLeaves(why);
                    departure.Leave(why);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops anyway.
        }
    }

    // How long each has not answered.
    private async Task<Dictionary<SiloAddress, TimeSpan>> AskAllAsync()
    {
        var peers = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(peer => !peer.Equals(silos.SiloAddress)).ToList();
        foreach (var gone in heardAt.Keys.Except(peers).ToList())
        {
            heardAt.Remove(gone);
        }

        var answers = await Task.WhenAll(peers.Select(AnswersAsync));
        foreach (var (peer, answered) in peers.Zip(answers))
        {
            if (answered || !heardAt.ContainsKey(peer))
            {
                heardAt[peer] = wall.GetTimestamp();
            }
        }

        return heardAt.ToDictionary(peer => peer.Key, peer => wall.GetElapsedTime(peer.Value));
    }

    private async Task<bool> AnswersAsync(SiloAddress peer)
    {
        var answer = reach.AskAsync(peer);
        try
        {
            await answer.WaitAsync(AnswerPatience, wall, stopping.Token);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            answer.Ignore();
            return false;
        }
    }

    private async Task<bool> StorageAnswersAsync()
    {
        try
        {
            await stores.For(Journals.Objects).ReadHeadAsync(stopping.Token).WaitAsync(AnswerPatience, wall, stopping.Token);
            return true;
        }
        catch (Exception failure) when (failure is JournalStorageException or TimeoutException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Why}")]
    private partial void LogLeaves(string why);
}
