using k8s.Models;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Disruption;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Reconciliation.Scheduling;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Pods;

/// <inheritdoc cref="IPodGrain"/>
internal sealed class PodGrain(ObjectServices services, TimeProvider wall) : ObjectGrain(services), IPodGrain
{
    private readonly Farewell farewell = new(wall);

    /// <inheritdoc/>
    protected override bool LingersWhenRemoved => farewell.IsDue;

    /// <inheritdoc/>
    public override Task<ObjectReply> Write(WriteRequest request)
    {
        // Only a client's write has an id.
        if (Current is not null && request is { Verb: WriteVerb.Delete, DryRun: false } && request.Id != Guid.Empty)
        {
            farewell.Announce();
        }

        return base.Write(request);
    }

    /// <inheritdoc/>
    public override async Task<ObjectReply> Create(Model model)
    {
        await farewell.EndAsync();
        return await base.Create(model);
    }

    /// <inheritdoc/>
    public Task<ObjectReply> Bind(string uid, string nodeName) => ChangePodAsync(uid, pod =>
        PodReadiness.IsScheduled(pod) || PodReadiness.IsTerminating(pod) ? null : PodScheduling.Bind(pod, nodeName, Services.Clock.NowSeconds));

    /// <inheritdoc/>
    public Task<ObjectReply> MarkUnschedulable(string uid, string message) => ChangePodAsync(uid, pod =>
        PodReadiness.IsScheduled(pod) ? null : PodScheduling.MarkUnschedulable(pod, message, Services.Clock.NowSeconds) is var marked && ReferenceEquals(marked, pod) ? null : marked);

    /// <inheritdoc/>
    public Task<ObjectReply> MarkGated(string uid) => ChangePodAsync(uid, pod =>
        PodScheduling.MarkGated(pod, Services.Clock.NowSeconds) is var marked && ReferenceEquals(marked, pod) ? null : marked);

    /// <inheritdoc/>
    public Task<ObjectReply> ReportStatus(string uid, Model status) => ChangePodAsync(uid, pod => pod with { Status = PodStatuses.Report(pod, status.As<V1PodStatus>()) });

    /// <inheritdoc/>
    public async Task<ObjectReply> MarkDisrupted(Model preconditions)
    {
        try
        {
            var carried = await CarryOutAsync(current =>
            {
                if (current is null)
                {
                    throw ApiErrors.NotFound(ResourceKinds.Pods, Key.Name);
                }

                Preconditions.Check(current, preconditions.As<V1Preconditions>());
                var pod = current.As<V1Pod>();
                var marked = EvictedPod.Mark(pod, DisruptionCause.Eviction, Services.Clock.NowSeconds);
                return new ValueTask<WriteDecision>(new WriteDecision
                {
                    Outcome = ReferenceEquals(marked, pod) ? WriteOutcome.Unchanged : WriteOutcome.Updated,
                    Model = marked,
                });
            });
            return new ObjectReply { Outcome = carried.Outcome, Object = carried.Object };
        }
        catch (ApiException refusal)
        {
            return ObjectReply.Refuse(refusal);
        }
    }

    /// <inheritdoc/>
    public Task<ObjectReply> MarkLost(string uid) => ChangePodAsync(uid, pod => PodStatuses.Lose(pod, Services.Clock.NowSeconds));

    /// <inheritdoc/>
    public Task<ObjectReply> MarkFailed(string uid, string reason, string message) => ChangePodAsync(uid, pod => PodReadiness.IsTerminal(pod)
        ? null
        : PodStatuses.Fail(reason.Length == 0 ? pod : EvictedPod.Mark(pod, new DisruptionCause(reason, message), Services.Clock.NowSeconds)));

    /// <inheritdoc/>
    public Task<ObjectReply> MarkTarget(string uid, string reason, string message) => ChangePodAsync(uid, pod =>
        EvictedPod.Mark(pod, new DisruptionCause(reason, message), Services.Clock.NowSeconds) is var marked && ReferenceEquals(marked, pod) ? null : marked);

    /// <inheritdoc/>
    public Task<ObjectReply> MarkGraceZero(string uid) => ChangePodAsync(uid, pod => pod.Metadata.DeletionGracePeriodSeconds == 0
        ? null
        : pod with { Metadata = pod.Metadata with { DeletionGracePeriodSeconds = 0, DeletionTimestamp = pod.Metadata.DeletionTimestamp ?? Services.Clock.NowSeconds } });

    /// <inheritdoc/>
    public async Task<ObjectReply> FinishDeletion(string uid)
    {
        if (Current?.Metadata.Finalizers is { Count: > 0 })
        {
            return new ObjectReply { Outcome = WriteOutcome.Unchanged, Object = Current };
        }

        return await RemoveAsync(uid) is { } carried
            ? new ObjectReply { Outcome = carried.Outcome, Object = carried.Object }
            : ObjectReply.Refuse(ApiErrors.NotFound(ResourceKinds.Pods, Key.Name));
    }

    /// <inheritdoc/>
    protected override void GoOn()
    {
        if (Current is { } item)
        {
            PodNews.TellAll(Services, item);
        }
    }

    /// <inheritdoc/>
    protected override void Committed(Carried carried)
    {
        if (carried.Removed)
        {
            farewell.Begin();
            if (farewell.IsDue)
            {
                LeaveAsync().Ignore();
            }
        }
        else if (carried.Before is null)
        {
            farewell.Forget();
        }

        PodNews.Tell(Services, carried);
    }

    /// <inheritdoc/>
    protected override void CaughtUp(StoredObject? before, bool isBeginning)
    {
        if (before?.Uid == Current?.Uid)
        {
            return;
        }

        farewell.Forget();
        if (!isBeginning && before?.As<V1Pod>().Spec.NodeName is { Length: > 0 } node)
        {
            // Nobody told it that its pod is gone.
            Services.Observers.Node(node).Nudge().Ignore();
        }
    }

    private async Task LeaveAsync()
    {
        await farewell.EndAsync();
        if (Current is null)
        {
            farewell.Forget();
            DeactivateOnIdle();
        }
    }

    private async Task<ObjectReply> ChangePodAsync(string uid, Func<V1Pod, V1Pod?> change)
    {
        try
        {
            return await ChangeAsync<V1Pod>(uid, change) is { } carried
                ? new ObjectReply { Outcome = carried.Outcome, Object = carried.Object }
                : ObjectReply.Refuse(ApiErrors.NotFound(ResourceKinds.Pods, Key.Name));
        }
        catch (ApiException refusal)
        {
            return ObjectReply.Refuse(refusal);
        }
    }
}
