using k8s.Models;
using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Cluster;

/// <summary>How long Events stay.</summary>
public sealed class EventRetention
{
    /// <summary>Simulated time that an Event stays (upstream's <c>--event-ttl</c>).</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Most Events that stay; the oldest go first.</summary>
    public int Most { get; set; } = 50_000;
}

/// <summary>Lets old Events go. Two silos that do it at once do no harm: the second finds them gone.</summary>
internal sealed class EventExpiry(ReplicaSet replicas, ObjectCommitter committer, ClusterClock clock, IOptions<EventRetention> retention)
{
    private const int AtOnce = 1000;

    // Before this moment nothing can be too old: what comes in is newer than what was there when it was found, and what was too old is gone.
    private DateTime nothingBefore = DateTime.MinValue;

    public async Task ExpireAsync()
    {
        var events = replicas.For(ResourceKinds.Events.Resource).Snapshot(ResourceKinds.Events.Resource);
        var surplus = events.Count(null) - retention.Value.Most;
        if (surplus > 0)
        {
            await RemoveAsync(events.List(null).OrderBy(item => item.ResourceVersion).Take(surplus + (retention.Value.Most / 10)));
        }

        await RemoveHomelessAsync(events);
        if (clock.Now < nothingBefore)
        {
            return;
        }

        // Seldom: each Event is decoded for it.
        var oldest = clock.Now - retention.Value.TimeToLive;
        var oldestToStay = clock.Now;
        var tooOld = new List<StoredObject>();
        foreach (var item in events.List(null))
        {
            if (LastSeen(item) is not { } seen)
            {
                continue;
            }

            if (seen < oldest)
            {
                tooOld.Add(item);
            }
            else if (seen < oldestToStay)
            {
                oldestToStay = seen;
            }
        }

        if (await RemoveAsync(tooOld))
        {
            nothingBefore = oldestToStay + retention.Value.TimeToLive;
        }
    }

    // What was told of an object while its namespace went. A namespace that this silo does not know may be one that it does not know yet.
    private async Task RemoveHomelessAsync(ReplicaSnapshot events)
    {
        List<StoredObject> homeless = [.. events.List(null).Where(HasNoNamespace)];
        if (homeless.Count > 0)
        {
            await replicas.Objects.WaitForHeadAsync(CancellationToken.None);
            await RemoveAsync(homeless.Where(HasNoNamespace));
        }

        bool HasNoNamespace(StoredObject item) => item.Key.Namespace.Length > 0 && replicas.Find(ResourceKinds.Namespaces.Key("", item.Key.Namespace)) is null;
    }

    /// <returns>Whether each was answered: it is gone, or was changed in the meantime.</returns>
    private async Task<bool> RemoveAsync(IEnumerable<StoredObject> gone)
    {
        var allAnswered = true;
        foreach (var part in gone.Chunk(AtOnce))
        {
            var answers = await committer.SendManyAsync(Journals.Events, Array.ConvertAll(part, committer.NewRemoval));
            allAnswered &= answers.All(answer => answer.Obstacle == CommitObstacle.None);
        }

        return allAnswered;
    }

    // A counting Event that was told again lately is newer than its creation; what a client says of long ago doesn't make it older.
    private static DateTime? LastSeen(StoredObject item)
    {
        var told = item.As<Corev1Event>();
        return told.LastTimestamp is { } last && !(last < told.Metadata.CreationTimestamp) ? last : told.Metadata.CreationTimestamp;
    }
}
