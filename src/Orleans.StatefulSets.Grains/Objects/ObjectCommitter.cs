using System.Reflection;
using k8s.Models;
using Orleans.StatefulSets.Grains.Hosting;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Quotas;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>A decision that was carried out.</summary>
/// <param name="Outcome">What became of the object.</param>
/// <param name="Object">The revision that it led to (Removed: the last one; Unchanged: the present one).</param>
/// <param name="Before">The revision before.</param>
/// <param name="Warnings">Texts for the client.</param>
/// <param name="BeforeModel">The model of the revision before, which that may have let go of by now.</param>
internal sealed record Carried(WriteOutcome Outcome, StoredObject Object, StoredObject? Before, IReadOnlyList<string> Warnings, object? BeforeModel = null)
{
    public T? BeforeAs<T>()
        where T : class => (T?)(BeforeModel ?? Before?.Model);

    public bool Removed => Outcome == WriteOutcome.Removed;

    /// <summary>The write had landed before, for an object that this time's decision was not about: it may have changed or gone since.</summary>
    public bool IsPast { get; init; }
}

/// <summary>Decides, commits with the expectation that the decision was made on, and decides anew where that no longer held.</summary>
internal sealed class ObjectCommitter(
    TypedGrainFactory grains, ReplicaSet replicas, CommitIds commitIds, QuotaCharges quotas, ISilosLeft silos, TimeProvider wall)
{
    private const int MostConflicts = 5;
    private const int MostSends = 8;
    private static readonly TimeSpan FollowPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ResendAfter = TimeSpan.FromMilliseconds(250);

    // Of a commit that was lost with a connection nobody is told; of one that only waits its turn the second sending does no harm, but is
    // work for a journal that has too much of it.
    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(10);

    private static readonly Func<object, object> ShallowCopy = typeof(object)
        .GetMethod("MemberwiseClone", BindingFlags.NonPublic | BindingFlags.Instance)!.CreateDelegate<Func<object, object>>();

    /// <summary>
    /// Carries a decision about one object out.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="current">What the caller believes is stored.</param>
    /// <param name="decide">The decision from what is stored; asked again after a conflict. Its refusals pass through.</param>
    /// <param name="dryRun">Commit nothing.</param>
    /// <param name="request">The name of the write (<see cref="WriteRequest.Id"/>), or empty.</param>
    /// <exception cref="ApiException">The refusal of <paramref name="decide"/> or of a quota (403), 409 after too many conflicts or for a namespace that is not empty, 404 for one that is gone, 429 when too much waits to be written, or 503 when nothing can be.</exception>
    public async Task<Carried> CarryOutAsync(
        ObjectKey key, StoredObject? current, Func<StoredObject?, ValueTask<WriteDecision>> decide, bool dryRun = false, Guid request = default)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            var decision = await decide(current);
            if (decision.Outcome == WriteOutcome.Unchanged)
            {
                return new Carried(WriteOutcome.Unchanged, current!, current, decision.Warnings);
            }

            // Last of all admission: what another rule refuses is never charged.
            var charge = await quotas.TakeAsync(key, current, decision, dryRun);
            var before = current?.Model;
            var (model, payload) = Encode(decision.Model, before, current?.Payload ?? default);
            if (dryRun)
            {
                return new Carried(decision.Outcome, new StoredObject(key, UidOf(model), current?.ResourceVersion ?? 0, payload, model), current, decision.Warnings);
            }

            var result = await SendAsync(new CommitEntry
            {
                Key = key,
                ExpectedRevision = current?.ResourceVersion ?? 0,
                Deleted = decision.Outcome == WriteOutcome.Removed,
                Uid = UidOf(model),
                Payload = payload,
                CommitId = request == Guid.Empty ? commitIds.Next() : CommitIds.OfAttempt(request, conflicts),
                Model = model,
            });

            if (result.Committed is not { } landed || landed.Uid != UidOf(model))
            {
                // Also where an earlier try had landed, which had a charge of its own.
                charge?.GiveBack();
            }

            if (result.Unavailable is { } why)
            {
                throw result.Obstacle switch
                {
                    CommitObstacle.Overloaded => ApiErrors.TooManyRequests(why, retryAfterSeconds: 1),
                    CommitObstacle.NoNamespace => ApiErrors.NotFound(ResourceKinds.Namespaces, key.Namespace),
                    CommitObstacle.NamespaceInUse => ApiErrors.Conflict(ResourceKinds.Namespaces, key.Name),
                    _ => ApiErrors.ServiceUnavailable(why),
                };
            }

            if (result.Committed is { } committed)
            {
                return new Carried(decision.Outcome, committed, current, decision.Warnings, before) { IsPast = committed.Uid != UidOf(model) };
            }

            if (conflicts == MostConflicts)
            {
                throw ApiErrors.Conflict(ResourceKinds.Of(key), key.Name);
            }

            current = await RefreshAsync(key, result);
        }
    }

    /// <summary>The object as stored at least as new as a conflict told.</summary>
    private async Task<StoredObject?> RefreshAsync(ObjectKey key, CommitResult conflict)
    {
        var replica = replicas.For(key.Resource);
        if (conflict.CurrentRevision > 0)
        {
            await replica.WaitForVersionAsync(conflict.CurrentRevision, FollowPatience, CancellationToken.None);
        }
        else
        {
            await replica.WaitForHeadAsync(CancellationToken.None);
        }

        return replica.Find(key);
    }

    // A call can fail though its commit landed (a silo that dies after writing): the same commit id is sent again, and the journal
    // says that it was there before. A holder that was fenced says nothing about the commit: the next one is asked.
    private async Task<CommitResult> SendAsync(CommitEntry entry)
    {
        var journal = grains.Get<IJournalGrain>(Journals.Of(entry.Key.Resource));
        for (var send = 1; ; send++)
        {
            try
            {
                var sent = journal.Commit(entry);
                sent.Ignore();
                var result = await sent.WaitAsync(SendPatience * send, wall);
                if (result.Obstacle != CommitObstacle.Fenced || send == MostSends)
                {
                    return result;
                }
            }
            catch (Exception failure) when (send < MostSends && failure is not ApiException && !IsOver)
            {
            }

            await Task.Delay(ResendAfter * send, wall);
        }
    }

    // The last silo stops, and the journal is gone with it: to wait for another holder would only keep the process.
    private bool IsOver => !silos.Any;

    /// <summary>Sends Events; they are not waited for, and what cannot be written is let go.</summary>
    public Task<CommitResult[]> SendManyAsync(string journal, CommitEntry[] entries) => grains.Get<IJournalGrain>(journal).CommitMany(entries);

    public CommitEntry NewEntry(ObjectKey key, object model, string uid) => new()
    {
        Key = key,
        ExpectedRevision = 0,
        Deleted = false,
        Uid = uid,
        Payload = ObjectJson.Encode(model),
        CommitId = commitIds.Next(),
        Model = model,
    };

    /// <summary>The removal of a revision whose model nobody needs: its bytes are its last state.</summary>
    public CommitEntry NewRemoval(StoredObject item) => new()
    {
        Key = item.Key,
        ExpectedRevision = item.ResourceVersion,
        Deleted = true,
        Uid = item.Uid,
        Payload = item.Payload,
        CommitId = commitIds.Next(),
    };

    /// <summary>The model without a resourceVersion, and its bytes. The model that was given may be shared, so it is not touched.</summary>
    internal static (object Model, byte[] Payload) Encode(object model, object? before = null, ReadOnlyMemory<byte> beforePayload = default)
    {
        var own = ShallowCopy(model);
        var metadata = (IMetadata<V1ObjectMeta>)own;
        if (metadata.Metadata.ResourceVersion is not null)
        {
            metadata.Metadata = metadata.Metadata with { ResourceVersion = null };
        }

        return (own, SharedSpec.Encode(own, before, beforePayload.Span));
    }

    private static string UidOf(object model) => ((IMetadata<V1ObjectMeta>)model).Metadata.Uid;
}
