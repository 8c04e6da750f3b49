using k8s.Models;
using Orleans.StatefulSets.Grains.Disruption;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Scheduling;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Reconciliation.StatefulSets;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Selectors;

namespace Orleans.StatefulSets.Grains.Pods;

/// <summary>
/// Whom a pod's new revision concerns: its set, its node, the scheduler, its claims, the Services and the budgets that select it. From these
/// messages ordering, parallel starts and cascades arise; the sweep repairs those that get lost.
/// </summary>
internal static class PodNews
{
    /// <summary>Tells of one commit whoever can make something of it.</summary>
    public static void Tell(ObjectServices services, Carried carried)
    {
        var pod = carried.Object.As<V1Pod>();
        var before = carried.BeforeAs<V1Pod>();
        TellSets(services, carried, pod, before);
        if (PodReadiness.IsScheduled(pod))
        {
            services.Observers.Node(pod.Spec.NodeName).Observe(carried.Object, carried.Removed).Ignore();
        }

        if (ConcernsScheduler(pod, before, carried.Removed))
        {
            services.Observers.Scheduler().Observe(carried.Object, carried.Removed).Ignore();
        }

        if (before is null || carried.Removed || PodReadiness.IsTerminal(pod) != PodReadiness.IsTerminal(before))
        {
            TellClaims(services, carried.Object, pod, carried.Removed);
        }

        if (before is null || carried.Removed || EndpointsDiffer(pod, before))
        {
            TellServices(services, carried.Object, pod, before, carried.Removed);
        }

        BudgetNews.Tell(services, carried.Object, pod, before, carried.Removed);
    }

    /// <summary>Tells everybody of the pod as it is: what the sweep does for one that is not where it should be.</summary>
    public static void TellAll(ObjectServices services, StoredObject item) => Tell(services, new Carried(Resources.Writing.WriteOutcome.Updated, item, null, []));

    /// <summary>The set that controls a pod, or null.</summary>
    public static V1OwnerReference? ControllingSet(V1Pod pod) =>
        pod.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true) is { Kind: "StatefulSet" } set ? set : null;

    private static void TellSets(ObjectServices services, Carried carried, V1Pod pod, V1Pod? before)
    {
        var space = carried.Object.Key.Namespace;
        var owner = ControllingSet(pod);
        if (owner is not null)
        {
            services.Observers.StatefulSet(space, owner.Name).Observe(carried.Object, carried.Removed).Ignore();
        }

        if (before is not null && ControllingSet(before) is { } former && former.Uid != owner?.Uid)
        {
            services.Observers.StatefulSet(space, former.Name).Observe(carried.Object, carried.Removed).Ignore();
        }

        if (pod.Metadata.OwnerReferences?.Any(reference => reference.Controller == true) == true)
        {
            return;
        }

        // An orphan concerns the set that could adopt it.
        if (StatefulSetNames.SetOfPod(carried.Object.Key.Name) is { } name && services.Replicas.Find(ResourceKinds.StatefulSets.Key(space, name)) is { } set
            && LabelSelector.From(set.As<V1StatefulSet>().Spec.Selector).Matches(pod.Metadata.Labels))
        {
            services.Observers.StatefulSet(space, name).Observe(carried.Object, carried.Removed).Ignore();
        }
    }

    // A pod that waits for a node, and one that frees its place. A bound one the scheduler placed itself: it hears of its end, and of what
    // affinities and spread constraints of others count it by.
    private static bool ConcernsScheduler(V1Pod pod, V1Pod? before, bool removed) =>
        removed
        || (!PodReadiness.IsScheduled(pod) && (before is null || !ReferenceEquals(pod.Spec, before.Spec)))
        || (before is not null && (pod.Metadata.DeletionTimestamp != before.Metadata.DeletionTimestamp
            || !SchedulingNews.SameLabels(pod.Metadata.Labels, before.Metadata.Labels)))
        || (before is null && PodReadiness.IsScheduled(pod))
        || (before is not null && PodReadiness.IsTerminal(pod) && !PodReadiness.IsTerminal(before));

    private static void TellClaims(ObjectServices services, StoredObject item, V1Pod pod, bool removed)
    {
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            if (volume.PersistentVolumeClaim is { } claim)
            {
                services.Observers.Claim(item.Key.Namespace, claim.ClaimName).Observe(item, removed).Ignore();
            }
        }
    }

    private static bool EndpointsDiffer(V1Pod pod, V1Pod before) =>
        pod.Status?.PodIP != before.Status?.PodIP
        || PodReadiness.IsReady(pod) != PodReadiness.IsReady(before)
        || PodReadiness.IsTerminal(pod) != PodReadiness.IsTerminal(before)
        || pod.Metadata.DeletionTimestamp != before.Metadata.DeletionTimestamp
        || !ReferenceEquals(pod.Metadata.Labels, before.Metadata.Labels);

    private static void TellServices(ObjectServices services, StoredObject item, V1Pod pod, V1Pod? before, bool removed)
    {
        foreach (var service in services.Replicas.List(ResourceKinds.Services.Resource, item.Key.Namespace))
        {
            if (Selects(service, pod.Metadata.Labels) || (before is not null && Selects(service, before.Metadata.Labels)))
            {
                services.Observers.Service(item.Key.Namespace, service.Key.Name).Observe(item, removed).Ignore();
            }
        }
    }

    private static bool Selects(StoredObject service, IDictionary<string, string>? labels)
    {
        service.KeepModel();
        return ServiceSelection.Selects(service.As<V1Service>(), labels);
    }
}
