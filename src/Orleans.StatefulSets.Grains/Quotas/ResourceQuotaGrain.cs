using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Pods;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Reconciliation.Quotas;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Quantities;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Quotas;

/// <inheritdoc cref="IResourceQuotaGrain"/>
/// <remarks>
/// Charges that arrive while one is being written gather and are written together. What is stored the grain hears from its silo's copy of
/// the journal, which loses nothing and is in the order of the commits: a charge becomes part of the count when its object is seen there.
/// So the count errs on the side of too much only, until the copy has caught up; before it refuses, the grain waits for that.
/// </remarks>
[Reentrant]
internal sealed partial class ResourceQuotaGrain(ObjectServices services, TimeProvider wall, ILogger<ResourceQuotaGrain> logger)
    : ObjectGrain(services), IResourceQuotaGrain
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AfterAFailure = TimeSpan.FromSeconds(1);

    // Longer than a commit takes that is sent again and again: a grant must outlive the write that it was for.
    private static readonly TimeSpan GrantLasts = TimeSpan.FromMinutes(1);

    private readonly QuotaLedger ledger = new();
    private readonly HashSet<string> refusedSets = [];
    private List<WaitingCharge> waiting = [];
    private QuotaNews news = null!;
    private V1ResourceQuotaSpec? followed;
    private long knownVersion;
    private DateTimeOffset? inheritedUntil;
    private DateTimeOffset quietUntil;
    private bool charging;
    private bool counting;
    private bool recount;
    private bool watching;

    /// <inheritdoc/>
    public Task<string?> Charge(QuotaRequest request)
    {
        var charge = new WaitingCharge(request);
        waiting.Add(charge);
        if (!charging)
        {
            charging = true;
            _ = ChargeAsync();
        }

        return charge.Answer.Task;
    }

    /// <inheritdoc/>
    public Task GiveBack(string uid, Guid ticket)
    {
        ledger.TakeBack(uid, ticket);
        Recount();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Look()
    {
        Recount();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task Nudge() => Look();

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Services.Replicas.Quotas.Remove(news);
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task LoadedAsync(CancellationToken cancellation)
    {
        var self = this.AsReference<IResourceQuotaGrain>();
        news = new QuotaNews(Key.Namespace, () => self.Look().Ignore());
        Services.Replicas.Quotas.Add(news);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Committed(Carried carried)
    {
        if (carried.Removed)
        {
            knownVersion = 0;
            return;
        }

        knownVersion = carried.Object.ResourceVersion;
        if (refusedSets.Count > 0 && QuotaRoom.Grew(carried.BeforeAs<V1ResourceQuota>(), carried.Object.As<V1ResourceQuota>()))
        {
            NudgeRefused();
        }

        Recount();
    }

    private async Task ChargeAsync()
    {
        try
        {
            while (waiting.Count > 0)
            {
                // In a turn of its own: whoever asks at the same time is answered with the same write.
                await Task.Yield();
                var batch = waiting;
                waiting = [];
                await AnswerAsync(batch);
            }
        }
        finally
        {
            charging = false;
        }
    }

    private async Task AnswerAsync(List<WaitingCharge> batch)
    {
        try
        {
            if (await WouldRefuseAsync(batch))
            {
                // What is gone may not be known here yet.
                await Services.Replicas.Objects.WaitForHeadAsync(CancellationToken.None);
            }

            await WriteAsync(batch);
            batch.ForEach(charge => charge.Answer.TrySetResult(charge.Refusal));
        }
        catch (Exception failure)
        {
            LogFailed(failure, Key);
            batch.ForEach(TakeBack);
            batch.ForEach(charge => charge.Answer.TrySetException(failure));
        }
    }

    private Task<bool> WouldRefuseAsync(List<WaitingCharge> batch)
    {
        if (Current is not { } item)
        {
            return Task.FromResult(false);
        }

        Follow(item);
        var used = ledger.Used();
        foreach (var request in batch.Select(charge => charge.Request))
        {
            var answer = Check(item.As<V1ResourceQuota>(), used, request);
            if (answer.Refusal is not null)
            {
                return Task.FromResult(true);
            }

            ResourceList.AddTo(used, answer.Charge);
        }

        return Task.FromResult(false);
    }

    private QuotaAnswer Check(V1ResourceQuota quota, IReadOnlyDictionary<string, Amount> used, QuotaRequest request) =>
        QuotaAdmission.Check(quota, used, request.Key.Resource, request.Next.Value, request.Before?.Value, Now);

    private Task WriteAsync(List<WaitingCharge> batch) => CarryOutAsync(current =>
    {
        batch.ForEach(TakeBack);
        if (current is null)
        {
            batch.ForEach(charge => charge.Refusal = null);
            return new ValueTask<WriteDecision>(new WriteDecision { Outcome = WriteOutcome.Unchanged, Model = null! });
        }

        Follow(current);
        var quota = current.As<V1ResourceQuota>();
        var used = ledger.Used();
        foreach (var charge in batch.Where(charge => !ledger.IsGranted(charge.Request.Uid, charge.Request.Ticket)))
        {
            Decide(quota, used, charge);
        }

        var status = new V1ResourceQuotaStatus { Hard = quota.Spec.Hard, Used = ResourceList.ToQuantities(used) };
        var isSame = ResourceList.Same(status.Hard, quota.Status?.Hard) && ResourceList.Same(status.Used, quota.Status?.Used);
        return new ValueTask<WriteDecision>(new WriteDecision
        {
            Outcome = isSame ? WriteOutcome.Unchanged : WriteOutcome.Updated,
            Model = isSame ? quota : quota with { Status = status },
        });
    });

    private void Decide(V1ResourceQuota quota, Dictionary<string, Amount> used, WaitingCharge charge)
    {
        var answer = Check(quota, used, charge.Request);
        charge.Refusal = answer.Refusal;
        if (answer.Refusal is not null)
        {
            if (charge.Request.Next.Value is V1Pod pod && PodNews.ControllingSet(pod) is { } set)
            {
                refusedSets.Add(set.Name);
            }
        }
        else if (answer.Charge.Count > 0 && !charge.Request.DryRun)
        {
            ledger.Give(charge.Request.Uid, charge.Request.Ticket, charge.Request.Basis, answer.Charge, wall.GetUtcNow() + GrantLasts);
            charge.IsGiven = true;
            ResourceList.AddTo(used, answer.Charge);
            WatchGrants();
        }
    }

    // Only what this batch was given: another's charge of that ticket was answered before.
    private void TakeBack(WaitingCharge charge)
    {
        if (charge.IsGiven)
        {
            ledger.TakeBack(charge.Request.Uid, charge.Request.Ticket);
            charge.IsGiven = false;
        }
    }

    // Brings the account up to what this silo's copy knows, and to what another activation wrote.
    private void Follow(StoredObject item)
    {
        var quota = item.As<V1ResourceQuota>();
        if (!ReferenceEquals(followed, quota.Spec) && (followed is null || !QuotaRoom.CountSame(followed, quota.Spec)))
        {
            Refill(quota);
        }

        followed = quota.Spec;
        foreach (var change in news.Take())
        {
            Hear(change);
        }

        ledger.End(Now);
        ledger.Forget(wall.GetUtcNow());
        if (item.ResourceVersion != knownVersion)
        {
            knownVersion = item.ResourceVersion;
            ledger.Inherit(item.As<V1ResourceQuota>().Status?.Used);
            inheritedUntil = wall.GetUtcNow() + GrantLasts;
            WatchGrants();
        }
        else if (inheritedUntil <= wall.GetUtcNow())
        {
            inheritedUntil = null;
            ledger.Disinherit();
        }
    }

    private void Refill(V1ResourceQuota quota)
    {
        news.Follow(quota);
        news.Take();
        ledger.Restart(quota.Spec);
        foreach (var item in news.Concerned.SelectMany(resource => Services.Replicas.List(resource, Key.Namespace)))
        {
            ledger.Fill(item.Key.Resource, item.Uid, item.ResourceVersion, item.Model, Now);
        }
    }

    private void Hear(ObjectChange change)
    {
        var item = change.Object;
        if (change.Type == ChangeType.Deleted)
        {
            ledger.Remove(item.Uid, item.ResourceVersion);
        }
        else
        {
            ledger.Take(item.Key.Resource, item.Uid, item.ResourceVersion, item.Model, Now);
        }
    }

    private void Recount()
    {
        recount = true;
        if (!counting)
        {
            counting = true;
            _ = CountAsync();
        }
    }

    private async Task CountAsync()
    {
        try
        {
            while (recount)
            {
                // Changes come in numbers; a charge does not wait for this, and counts along with what it writes.
                await Task.Yield();
                if (quietUntil - wall.GetUtcNow() is { Ticks: > 0 } pause)
                {
                    await Task.Delay(pause, wall);
                }

                recount = false;
                if (Current is not null)
                {
                    await WriteAsync([]);
                }

                quietUntil = wall.GetUtcNow() + Pause;
            }

            if (ledger.NextEnding is { } due)
            {
                NudgeAt(due.AddSeconds(1));
            }
        }
        catch (Exception failure)
        {
            LogFailed(failure, Key);
            NudgeAt(Now + AfterAFailure);
        }
        finally
        {
            counting = false;
        }
    }

    private void WatchGrants()
    {
        if (!watching)
        {
            watching = true;
            _ = ForgetGrantsAsync();
        }
    }

    private async Task ForgetGrantsAsync()
    {
        while (ledger.HasGrants || inheritedUntil is not null)
        {
            await Task.Delay(GrantLasts, wall);
            Recount();
            await Task.Delay(AfterAFailure, wall);
        }

        watching = false;
    }

    private void NudgeRefused()
    {
        foreach (var set in refusedSets)
        {
            Services.Observers.StatefulSet(Key.Namespace, set).Nudge().Ignore();
        }

        refusedSets.Clear();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status of {Quota} could not be written; it is tried again")]
    private partial void LogFailed(Exception failure, ObjectKey quota);

    private sealed class WaitingCharge(QuotaRequest request)
    {
        public QuotaRequest Request { get; } = request;

        public TaskCompletionSource<string?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? Refusal { get; set; }

        /// <summary>The ledger holds it, and it is not answered yet.</summary>
        public bool IsGiven { get; set; }
    }
}
