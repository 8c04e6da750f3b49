using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Reconciliation.Scheduling;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Scheduling;

// From the queue to the binding; the other part hears of what changes.
internal sealed partial class SchedulerGrain
{
    private async Task ScheduleAsync()
    {
        try
        {
            while (queue.TryDequeue(out var key))
            {
                if (waiting.TryGetValue(key, out var item) && !volumeWaits.Contains(key))
                {
                    await ScheduleAsync(item);
                }
            }
        }
        finally
        {
            scheduling = false;
        }
    }

    private async Task ScheduleAsync(StoredObject item)
    {
        try
        {
            var pod = item.As<V1Pod>();
            var heardBefore = heardOfVolumes;
            var claims = await claimReader.ReadAsync(pod);
            switch (summary.Assign(pod, claims))
            {
                case SchedulingOutcome.Assigned assigned:
                    Place(item, assigned.NodeName, claims);
                    break;
                case SchedulingOutcome.Unschedulable refused:
                    unschedulable.Add(item.Key);
                    if (!IsSaidAlready(pod, refused.Message))
                    {
                        services.Events.Record(SchedulingTexts.FailedScheduling(refused.Message), item);
                    }

                    if (heardOfVolumes != heardBefore)
                    {
                        // What was heard while the claims were read may be what it waits for.
                        RetryUnschedulable(waits => waits.Key == item.Key);
                    }

                    await MarkAsync(item, refused);
                    break;
                case SchedulingOutcome.Gated:
                    await Pod(item).MarkGated(item.Uid);
                    break;
            }
        }
        catch (Exception failure)
        {
            // The sweep brings it again.
            LogFailed(failure, item.Key);
            failed.Add(item.Key);
        }
    }

    private static bool IsSaidAlready(V1Pod pod, string message) =>
        pod.Status?.Conditions?.Any(condition => condition.Type == "PodScheduled" && condition.Message == message) == true;

    private async Task MarkAsync(StoredObject item, SchedulingOutcome.Unschedulable refused)
    {
        if (refused.NominatedNode is not { } node)
        {
            await Pod(item).MarkUnschedulable(item.Uid, refused.Message);
            return;
        }

        await preemption.MarkAsync(item, refused.Message, node);
        foreach (var pod in refused.Displaced)
        {
            await preemption.DisplaceAsync(pod);
        }

        foreach (var victim in refused.Victims)
        {
            await preemption.EvictAsync(victim, item.Uid, node);
        }
    }

    /// <summary>Binds at once, or asks for the volumes on the node first.</summary>
    private void Place(StoredObject item, string nodeName, SchedulingClaims claims)
    {
        var missing = claims.Claims.Where(claim => claim.Readiness == ClaimReadiness.WaitForFirstConsumer)
            .Select(claim => ResourceKinds.PersistentVolumeClaims.Key(item.Key.Namespace, claim.Name)).Distinct().ToList();
        if (missing.Count == 0)
        {
            _ = BindAsync(item, nodeName);
            return;
        }

        volumeWaits.Add(item.Key, nodeName, missing);
        missing.ForEach(claim => _ = SelectNodeAsync(claim, nodeName));
    }

    private async Task SelectNodeAsync(ObjectKey claim, string nodeName)
    {
        try
        {
            var reply = await services.Observers.Claim(claim.Namespace, claim.Name).SelectNode(nodeName);
            if (reply.Object is { } item)
            {
                ObserveClaim(item);
            }
        }
        catch (Exception failure)
        {
            LogFailed(failure, claim);
        }
    }

    private async Task BindAsync(StoredObject item, string nodeName)
    {
        try
        {
            var reply = await Pod(item).Bind(item.Uid, nodeName);
            if (!reply.Refused)
            {
                services.Events.Record(SchedulingTexts.Scheduled(item.Key.Namespace, item.Key.Name, nodeName), reply.Object!);
                waiting.Remove(item.Key);
                if (reply.Object!.As<V1Pod>().Spec.NodeName == nodeName)
                {
                    summary.ObservePod(reply.Object.As<V1Pod>(), reply.Object.ResourceVersion);
                    return;
                }
            }

            summary.Forget(item.As<V1Pod>());
            waiting.Remove(item.Key);
        }
        catch (Exception failure)
        {
            LogFailed(failure, item.Key);
            summary.Forget(item.As<V1Pod>());
            failed.Add(item.Key);
        }
    }

    private Pods.IPodGrain Pod(StoredObject item) => services.Observers.Pod(item.Key.Namespace, item.Key.Name);

    [LoggerMessage(Level = LogLevel.Information, Message = "The scheduler begins at {Head}: {Waiting} pods wait")]
    private partial void LogBegan(long head, int waiting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Scheduling {Key} failed; it is tried again")]
    private partial void LogFailed(Exception failure, ObjectKey key);
}
