using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Server.Transfer;

/// <summary>The order of a cluster's objects in a stream: what is depended on comes before what depends on it.</summary>
internal static class ClusterOrder
{
    private static readonly ResourceKind[] First =
    [
        ResourceKinds.Namespaces, ResourceKinds.PriorityClasses, ResourceKinds.StorageClasses, ResourceKinds.Nodes, ResourceKinds.PersistentVolumes,
        ResourceKinds.LimitRanges, ResourceKinds.ServiceAccounts, ResourceKinds.Secrets, ResourceKinds.ConfigMaps, ResourceKinds.PersistentVolumeClaims,
    ];

    private static readonly ResourceKind[] Last =
    [
        ResourceKinds.Services, ResourceKinds.PodDisruptionBudgets, ResourceKinds.StatefulSets, ResourceKinds.ControllerRevisions, ResourceKinds.Pods,
        ResourceKinds.Endpoints, ResourceKinds.EndpointSlices, ResourceKinds.Leases, ResourceKinds.Events,
    ];

    /// <summary>Every kind once.</summary>
    public static IReadOnlyList<ResourceKind> Kinds { get; } = [.. First, .. ResourceKinds.All.Except(First).Except(Last), .. Last];

    private static readonly Dictionary<string, int> Places =
        Kinds.Select((kind, place) => (kind.Resource, place)).ToDictionary(pair => pair.Resource, pair => pair.place, StringComparer.Ordinal);

    /// <summary>The objects in that order; within a kind by namespace and name.</summary>
    public static IEnumerable<StoredObject> Sort(IEnumerable<StoredObject> objects) => objects
        .OrderBy(item => Places[item.Key.Resource])
        .ThenBy(item => item.Key.Namespace, StringComparer.Ordinal)
        .ThenBy(item => item.Key.Name, StringComparer.Ordinal);
}
