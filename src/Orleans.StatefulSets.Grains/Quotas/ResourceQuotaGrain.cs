using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Reconciliation.Quotas;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Quotas;

/// <inheritdoc cref="IResourceQuotaGrain"/>
/// <remarks>
/// Charges that arrive while one is being written gather and are written together. What is stored the grain hears from its silo's copy of
/// the journal, which loses nothing and is in the order of the commits: a charge becomes part of the count when its object is seen there.
/// So the count errs on the side of too much only, until the copy has caught up; before it refuses, the grain waits for that.
/// </remarks>
[Reentrant]
internal sealed partial class ResourceQuotaGrain(ObjectServices services, IOptions<QuotaSettings> settings, TimeProvider wall, ILogger<ResourceQuotaGrain> logger)
    : ObjectGrain(services), IResourceQuotaGrain
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AfterAFailure = TimeSpan.FromSeconds(1);

    private readonly QuotaLedger ledger = new();
    private QuotaNews? news;
    private V1ResourceQuotaSpec? followed;
    private long knownVersion;
    private DateTimeOffset? inheritedUntil;
    private DateTimeOffset quietUntil;
    private bool counting;
    private bool recount;
    private bool watching;
    private bool gone;

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
    protected override void GoOn() => Recount();

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        gone = true;
        Forgo();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task LoadedAsync(CancellationToken cancellation)
    {
        if (Current is not null)
        {
            Listen();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Committed(Carried carried)
    {
        if (carried.Removed)
        {
            knownVersion = 0;
            Forgo();
            return;
        }

        knownVersion = carried.Object.ResourceVersion;
        Listen();
        if (hasRefused && QuotaRoom.Grew(carried.BeforeAs<V1ResourceQuota>(), carried.Object.As<V1ResourceQuota>()))
        {
            NudgeRefused();
        }

        Recount();
    }

    /// <inheritdoc/>
    protected override void CaughtUp(StoredObject? before, bool isBeginning)
    {
        // What another activation granted is inherited from a revision that this one does not know.
        if (Current is null)
        {
            knownVersion = 0;
            Forgo();
            return;
        }

        Listen();
        Recount();
    }

    private void Listen()
    {
        if (news is not null)
        {
            return;
        }

        var self = this.AsReference<IResourceQuotaGrain>();
        news = new QuotaNews(Key.Namespace, () => self.Look().Ignore());
        if (!gone)
        {
            // It is woken by what changes, and so must be there.
            DelayDeactivation(TimeSpan.MaxValue);
            Services.Replicas.Quotas.Add(news);
        }
    }

    // Where there is no quota, what changes must wake nobody: a name that was only tried would never be idle.
    private void Forgo()
    {
        if (news is not null)
        {
            Services.Replicas.Quotas.Remove(news);
            (news, followed) = (null, null);
        }
    }

    // Brings the account up to what this silo's copy knows, and to what another activation wrote.
    private void Follow(StoredObject item)
    {
        var quota = item.As<V1ResourceQuota>();
        Listen();
        if (!ReferenceEquals(followed, quota.Spec) && (followed is null || !QuotaRoom.CountSame(followed, quota.Spec)))
        {
            Refill(quota);
        }

        followed = quota.Spec;
        foreach (var change in news!.Take())
        {
            Hear(change);
        }

        ledger.End(Now);
        ledger.Forget(wall.GetUtcNow());
        if (item.ResourceVersion != knownVersion)
        {
            knownVersion = item.ResourceVersion;
            ledger.Inherit(item.As<V1ResourceQuota>().Status?.Used);
            inheritedUntil = wall.GetUtcNow() + settings.Value.GrantLasts;
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
        news!.Follow(quota);
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
        while (!gone && Current is not null && (ledger.HasGrants || inheritedUntil is not null))
        {
            await Task.Delay(settings.Value.GrantLasts, wall);
            Recount();
            await Task.Delay(AfterAFailure, wall);
        }

        watching = false;
    }

    // The sets that may wait for this room need not wait for their next try. Whose pod or claim was refused is among the unfinished.
    private void NudgeRefused()
    {
        hasRefused = false;
        foreach (var key in Services.Replicas.Unfinished.Keys().Where(key => key.Resource == ResourceKinds.StatefulSets.Resource && key.Namespace == Key.Namespace))
        {
            Services.Observers.Find(key)!.Nudge().Ignore();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status of {Quota} could not be written; it is tried again")]
    private partial void LogFailed(Exception failure, ObjectKey quota);
}
