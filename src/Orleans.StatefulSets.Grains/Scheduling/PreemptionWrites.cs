using k8s.Models;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Reconciliation.Scheduling;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Scheduling;

/// <summary>What preemption writes: the preemptor's nomination, the victims' condition and their deletion.</summary>
/// <param name="services">The way to the pods.</param>
/// <param name="observe">Takes what became of a victim; true when it is gone.</param>
internal sealed class PreemptionWrites(ObjectServices services, Action<StoredObject, bool> observe)
{
    private const int Tries = 5;

    /// <summary>PodScheduled=False and nominatedNodeName in one write.</summary>
    public Task MarkAsync(StoredObject item, string message, string nominatedNode) =>
        ChangeStatusAsync(item.Key.Namespace, item.Key.Name, item.Uid, pod => PodScheduling.MarkUnschedulable(pod, message, nominatedNode, services.Clock.NowSeconds));

    /// <summary>A less important pod's node was taken: its nomination goes.</summary>
    public Task DisplaceAsync(PodIdentity pod) =>
        ChangeStatusAsync(pod.Namespace, pod.Name, pod.Uid, current => PodScheduling.Nominate(current, ""));

    /// <summary>The victim learns why, then is deleted with its own grace period.</summary>
    public async Task EvictAsync(PodIdentity victim, string preemptorUid, string node)
    {
        var marked = await ChangeStatusAsync(victim.Namespace, victim.Name, victim.Uid, pod => PodPreemption.Mark(pod, services.Clock.NowSeconds), unscheduledOnly: false);
        if (marked is null)
        {
            return;
        }

        var reply = await services.Observers.Pod(victim.Namespace, victim.Name).Write(new WriteRequest
        {
            Key = ResourceKinds.Pods.Key(victim.Namespace, victim.Name),
            Verb = WriteVerb.Delete,
            DeleteOptions = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = victim.Uid } },
        });
        if (!reply.Refused)
        {
            observe(reply.Object!, reply.Outcome == WriteOutcome.Removed);
            services.Events.Record(SchedulingTexts.Preempted(preemptorUid, node), marked);
        }
    }

    // Others write into the status, too: on a conflict the change is made again on what they wrote.
    private async Task<StoredObject?> ChangeStatusAsync(string space, string name, string uid, Func<V1Pod, V1Pod> change, bool unscheduledOnly = true)
    {
        var grain = services.Observers.Pod(space, name);
        for (var tried = 0; tried < Tries; tried++)
        {
            if (await grain.ReadObject() is not { Object: { } item } || item.Uid != uid)
            {
                return null;
            }

            var pod = item.As<V1Pod>();
            var next = unscheduledOnly && PodReadiness.IsScheduled(pod) ? pod : change(pod);
            if (ReferenceEquals(next, pod))
            {
                return item;
            }

            var reply = await grain.Replace(new Model(next), "status");
            if (!reply.Refused)
            {
                return reply.Object;
            }

            if (reply.ToException().Code != 409)
            {
                return null;
            }
        }

        return null;
    }
}
