using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Scheduling;

/// <summary>What may help a pod that no node would take (upstream's queueing hints), beside what pods and nodes tell themselves.</summary>
internal static class SchedulingNews
{
    /// <summary>Kinds that have no grain to tell of them, or none that knows the scheduler: read from the silo's copy as they change.</summary>
    public static bool IsHeardFromReplica(ObjectChange change) => change.Object.Key.Resource is "namespaces" or "persistentvolumes" or "storageclasses.storage.k8s.io";

    /// <summary>A waiting pod was changed in what decides where it may go: its gates, tolerations, selectors or labels.</summary>
    public static bool ChangesItsTurn(StoredObject before, StoredObject after)
    {
        var (was, now) = (before.As<V1Pod>(), after.As<V1Pod>());
        return !ObjectJson.Encode(was.Spec).AsSpan().SequenceEqual(ObjectJson.Encode(now.Spec))
            || !SameLabels(was.Metadata.Labels, now.Metadata.Labels);
    }

    /// <summary>A waiting pod that asks about other pods: their labels and their ends concern it.</summary>
    public static bool AsksAboutPods(StoredObject waiting)
    {
        var spec = waiting.As<V1Pod>().Spec;
        return spec.TopologySpreadConstraints is { Count: > 0 } || spec.Affinity?.PodAffinity is not null || spec.Affinity?.PodAntiAffinity is not null;
    }

    /// <summary>The same labels, whether or not the same dictionary.</summary>
    public static bool SameLabels(IDictionary<string, string>? one, IDictionary<string, string>? other) =>
        ReferenceEquals(one, other)
        || ((one?.Count ?? 0) == (other?.Count ?? 0)
            && (one ?? new Dictionary<string, string>()).All(pair => other!.TryGetValue(pair.Key, out var value) && value == pair.Value));
}
