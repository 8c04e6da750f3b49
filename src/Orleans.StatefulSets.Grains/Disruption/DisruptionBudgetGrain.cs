using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Pods;
using Orleans.StatefulSets.Reconciliation.Disruption;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Disruption;

/// <inheritdoc cref="IDisruptionBudgetGrain"/>
/// <remarks>
/// Pods tell the budget of what changed; it counts anew at once when it was quiet, and otherwise once a while, longer the more pods it
/// guards. Grants and counts are commits of one writer, so a count never overwrites a grant that it did not see.
/// </remarks>
[Reentrant]
internal sealed partial class DisruptionBudgetGrain(ObjectServices services, TimeProvider wall, ILogger<DisruptionBudgetGrain> logger)
    : ObjectGrain(services), IDisruptionBudgetGrain
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseAPod = TimeSpan.FromMilliseconds(0.2);
    private static readonly TimeSpan AfterAFailure = TimeSpan.FromSeconds(1);

    private readonly SelectedPods<BudgetedPod> pods = new(BudgetedPod.Of);
    // Which pod each unsettled grant was for; after a move of this grain the pods' times of creation have to do.
    private readonly Dictionary<string, string> grantedUids = [];
    private DecisionLoop loop = null!;
    private DateTimeOffset quietUntil;

    /// <inheritdoc/>
    public async Task<ObjectReply> Grant(string podName, string podUid, bool dryRun)
    {
        try
        {
            var carried = await CarryOutAsync(
                current =>
                {
                    var budget = (current ?? throw ApiErrors.NotFound(ResourceKinds.PodDisruptionBudgets, Key.Name)).As<V1PodDisruptionBudget>();
                    var granted = EvictionRules.Grant(budget, podName, Services.Clock.NowSeconds);
                    if (!dryRun)
                    {
                        grantedUids[podName] = podUid;
                    }

                    return new ValueTask<WriteDecision>(new WriteDecision { Outcome = WriteOutcome.Updated, Model = granted });
                },
                dryRun: dryRun);
            return new ObjectReply { Outcome = carried.Outcome, Object = carried.Object };
        }
        catch (ApiException refusal)
        {
            return ObjectReply.Refuse(refusal);
        }
    }

    /// <inheritdoc/>
    public override Task Observe(StoredObject item, bool deleted)
    {
        if (Current is { } current && item.Key.Resource == ResourceKinds.Pods.Resource && Take(current.As<V1PodDisruptionBudget>(), item, deleted))
        {
            loop.Wake();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void GoOn()
    {
        Refill();
        loop.Wake();
    }

    /// <inheritdoc/>
    protected override Task LoadedAsync(CancellationToken cancellation)
    {
        loop = NewLoop(
            CountAsync,
            failure =>
            {
                LogFailed(failure, Key);
                NudgeAt(Now + AfterAFailure);
            },
            Refill,
            PauseAsync);
        Refill();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Committed(Carried carried)
    {
        if (carried.Removed)
        {
            return;
        }

        if (carried.Before is null)
        {
            pods.Clear();
        }

        if (carried.Before is null || !ReferenceEquals(carried.BeforeAs<V1PodDisruptionBudget>()!.Spec, carried.Object.As<V1PodDisruptionBudget>().Spec))
        {
            Refill();
        }

        loop.Wake();
    }

    /// <inheritdoc/>
    protected override void CaughtUp(StoredObject? before, bool isBeginning)
    {
        if (before?.Uid != Current?.Uid)
        {
            pods.Clear();
        }
    }

    private void Refill()
    {
        if (Current?.As<V1PodDisruptionBudget>() is not { } budget)
        {
            pods.Clear();
            return;
        }

        pods.Refill(Services.Replicas, Key.Namespace, labels => EvictionRules.Guards(budget, labels));
    }

    private bool Take(V1PodDisruptionBudget budget, StoredObject item, bool deleted) =>
        pods.Take(item, deleted, labels => EvictionRules.Guards(budget, labels));

    private async Task CountAsync()
    {
        await WriteStatusAsync();
        quietUntil = wall.GetUtcNow() + ShortestPause + (PauseAPod * pods.Count);
    }

    private Task PauseAsync() => quietUntil - wall.GetUtcNow() is { Ticks: > 0 } pause ? Task.Delay(pause, wall) : Task.CompletedTask;

    private async Task WriteStatusAsync()
    {
        if (Current is not { } read)
        {
            return;
        }

        BudgetPlan? plan = null;
        await ChangeAsync<V1PodDisruptionBudget>(read.Uid, budget =>
        {
            Forget(budget.Status?.DisruptedPods);
            plan = BudgetDecision.Decide(budget, [.. pods.All], SetOf, grantedUids, Services.Clock.NowSeconds);
            return plan.Status is { } status ? budget with { Status = status } : null;
        });
        if (plan is null)
        {
            return;
        }

        foreach (var told in plan.Events)
        {
            Tell(told);
        }

        foreach (var name in plan.Stayed)
        {
            if (Services.Replicas.Find(ResourceKinds.Pods.Key(Key.Namespace, name)) is { } pod)
            {
                Services.Events.Record(BudgetEvents.NotDeleted(read.As<V1PodDisruptionBudget>()), pod, null);
            }
        }

        if (plan.LookAgainAt is { } due)
        {
            NudgeAt(due.AddSeconds(1));
        }
    }

    private void Forget(IDictionary<string, DateTime?>? unsettled)
    {
        foreach (var name in grantedUids.Keys.Where(name => unsettled?.ContainsKey(name) != true).ToList())
        {
            grantedUids.Remove(name);
        }
    }

    private V1StatefulSet? SetOf(string name) => Services.Replicas.Find(ResourceKinds.StatefulSets.Key(Key.Namespace, name))?.As<V1StatefulSet>();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status of {Budget} could not be written; it is tried again")]
    private partial void LogFailed(Exception failure, ObjectKey budget);
}
