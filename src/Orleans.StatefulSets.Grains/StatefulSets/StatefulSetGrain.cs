using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.StatefulSets;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.StatefulSets;

/// <summary>
/// A set observes its pods and claims, asks <see cref="StatefulSetDecision"/>, and carries the plan out. What it did it observes at once from
/// the answers; what others did it is told. While a plan is being carried out, news gathers and is decided on together.
/// </summary>
[Reentrant]
internal sealed partial class StatefulSetGrain(ObjectServices services, ILogger<StatefulSetGrain> logger) : ObjectGrain(services), IStatefulSetGrain
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(30);
    private const int MostLogged = 100;

    private readonly StatefulSetSummary summary = new();
    private RevisionStore revisions = null!;
    private DecisionLoop loop = null!;
    private int failures;

    /// <inheritdoc/>
    public override Task Observe(StoredObject item, bool deleted)
    {
        if (Current?.As<V1StatefulSet>() is { } set && Take(set, item, deleted))
        {
            loop.Wake();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void GoOn()
    {
        // What a lost message would have said stands in the silo's copy.
        Refill();
        loop.Wake();
    }

    /// <inheritdoc/>
    protected override Task LoadedAsync(CancellationToken cancellation)
    {
        revisions = new RevisionStore(Services, Key);
        loop = NewLoop(
            ReconcileAsync,
            failure =>
            {
                LogFailed(failure, Key);
                RetryLater();
            },
            Refill);
        Refill();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Committed(Carried carried)
    {
        if (carried.Before is null)
        {
            // A new set of a name: what an earlier one left is adopted or found again.
            summary.Clear();
            Refill();
        }

        if (!carried.Removed)
        {
            loop.Wake();
        }
    }

    /// <inheritdoc/>
    protected override void CaughtUp(StoredObject? before, bool isBeginning)
    {
        if (before?.Uid != Current?.Uid)
        {
            summary.Clear();
        }
    }

    private void Refill()
    {
        if (Current?.As<V1StatefulSet>() is not { } set)
        {
            return;
        }

        revisions.Refill(set);
        var head = Services.Replicas.Objects.Head;
        foreach (var item in Stored(set))
        {
            // Known ones are not decoded again.
            if (KnownVersion(item) < item.ResourceVersion)
            {
                Take(set, item, deleted: false);
            }
        }

        foreach (var pod in summary.All.ToList())
        {
            // The copy may lag behind what this grain did itself, and moves on while it is read; only what it knew at that head and has lost is gone.
            if (pod.ResourceVersion <= head && Services.Replicas.Find(ResourceKinds.Pods.Key(Key.Namespace, pod.Name)) is null)
            {
                summary.Remove(pod.Name, pod.Uid, head);
            }
        }

        foreach (var claim in summary.AllClaims.ToList())
        {
            if (claim.ResourceVersion <= head && Services.Replicas.Find(ResourceKinds.PersistentVolumeClaims.Key(Key.Namespace, claim.Name)) is null)
            {
                summary.RemoveClaim(claim.Name, claim.Uid, head);
            }
        }
    }

    // What may concern it: what is named as its pods and claims are, and what names it as its owner. Of a namespace with many sets each looks at
    // its own only.
    private IEnumerable<StoredObject> Stored(V1StatefulSet set)
    {
        var replicas = Services.Replicas;
        var named = replicas.ListNamed(ResourceKinds.Pods.Resource, Key.Namespace, $"{Key.Name}-");
        var owned = replicas.Owners.DependentsOf(set.Metadata.Uid).Where(key => key.Resource == ResourceKinds.Pods.Resource).Select(replicas.Find).OfType<StoredObject>();
        var claims = (set.Spec.VolumeClaimTemplates ?? [])
            .SelectMany(template => replicas.ListNamed(ResourceKinds.PersistentVolumeClaims.Resource, Key.Namespace, $"{template.Metadata.Name}-{Key.Name}-"));
        return named.Concat(owned).Concat(claims);
    }

    private long KnownVersion(StoredObject item) => item.Key.Resource == ResourceKinds.Pods.Resource
        ? summary.Find(item.Key.Name)?.ResourceVersion ?? 0
        : summary.FindClaim(item.Key.Name)?.ResourceVersion ?? 0;

    private bool Take(V1StatefulSet set, StoredObject item, bool deleted) => item.Key.Resource switch
    {
        "pods" => deleted
            ? summary.Remove(item.Key.Name, item.Uid, item.ResourceVersion)
            : PodObservation.Of(set, item.As<V1Pod>(), item.ResourceVersion) is { } pod && summary.Observe(pod),
        "persistentvolumeclaims" => deleted
            ? summary.RemoveClaim(item.Key.Name, item.Uid, item.ResourceVersion)
            : ClaimObservation.Of(set, item.As<V1PersistentVolumeClaim>(), item.ResourceVersion) is { } claim && summary.Observe(claim),
        "controllerrevisions.apps" => revisions.Take(item, deleted),
        _ => false,
    };

    private async Task ReconcileAsync()
    {
        if (Current?.As<V1StatefulSet>() is not { } set)
        {
            return;
        }

        await CarryOutAsync(set, StatefulSetDecision.Decide(new StatefulSetSituation
        {
            Set = set,
            Revisions = revisions.Matching(set),
            FindRevision = revisions.Find,
            Pods = summary,
            Now = Now,
        }));
    }

    private async Task CarryOutAsync(V1StatefulSet set, StatefulSetPlan plan)
    {
        LogSteps(set, plan);
        var execution = new PlanExecution(Services, Key, set, (item, deleted) => Take(set, item, deleted), told => Tell(told));
        var succeeded = await revisions.CarryOutAsync(set, plan.Revisions) && await execution.CarryOutAsync(plan);
        if (plan.StatusChanged)
        {
            await WriteStatusAsync(set, plan);
        }

        if (!succeeded)
        {
            RetryLater();
            return;
        }

        failures = 0;
        await revisions.PruneAsync(set, plan.Revisions);
        if (plan.RecheckAt is { } due)
        {
            NudgeAt(due);
        }

        // What was carried out is observed by now, and may call for more.
        if (plan.More || execution.Acted)
        {
            loop.Wake();
        }
    }

    private async Task WriteStatusAsync(V1StatefulSet set, StatefulSetPlan plan)
    {
        try
        {
            await ChangeAsync<V1StatefulSet>(set.Metadata.Uid, current => current with { Status = plan.Status });
        }
        catch (ApiException failure)
        {
            LogFailed(failure, Key);
            RetryLater();
        }
    }

    private void RetryLater()
    {
        var delay = FirstRetry * Math.Pow(2, Math.Min(failures++, 16));
        NudgeAt(Now + (delay < LastRetry ? delay : LastRetry));
    }

    // What each step of an ordered set was decided on, by version: so that it can be checked against what was true.
    private void LogSteps(V1StatefulSet set, StatefulSetPlan plan)
    {
        if (plan.Create.Count + plan.Delete.Count > 0 && set.Spec.PodManagementPolicy != "Parallel" && logger.IsEnabled(LogLevel.Information))
        {
            // What the plan adopts first is the set's by the time of the step.
            var adopted = plan.Adopt.Select(pod => pod.Name).ToHashSet(StringComparer.Ordinal);
            LogStep(
                Key,
                string.Join(' ', plan.Create.Select(creation => creation.Pod.Metadata.Name)),
                string.Join(' ', plan.Delete.Select(deletion => deletion.Name)),
                string.Join(' ', summary.All.Where(pod => pod.Controlled || adopted.Contains(pod.Name)).Take(MostLogged).Select(pod => $"{pod.Name}@{pod.ResourceVersion}{(pod.Healthy ? "+" : "-")}")));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Step of {Set}: creates [{Created}] deletes [{Deleted}] knowing [{Known}]")]
    private partial void LogStep(ObjectKey set, string created, string deleted, string known);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reconciling {Set} failed; it is tried again")]
    private partial void LogFailed(Exception failure, ObjectKey set);
}
