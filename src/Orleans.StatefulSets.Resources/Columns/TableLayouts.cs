using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>The printed columns of every kind (pkg/printers/internalversion/printers.go of Kubernetes 1.33).</summary>
public static class TableLayouts
{
    private static readonly Dictionary<string, TableLayout> ByResource = new()
    {
        [ResourceKinds.ConfigMaps.Resource] = ConfigurationColumns.ConfigMaps,
        [ResourceKinds.Endpoints.Resource] = NetworkColumns.Endpoints,
        [ResourceKinds.Events.Resource] = EventColumns.Layout,
        [ResourceKinds.Namespaces.Resource] = ConfigurationColumns.Namespaces,
        [ResourceKinds.Nodes.Resource] = NodeColumns.Layout,
        [ResourceKinds.PersistentVolumeClaims.Resource] = StorageColumns.Claims,
        [ResourceKinds.PersistentVolumes.Resource] = StorageColumns.Volumes,
        [ResourceKinds.Pods.Resource] = PodColumns.Layout,
        [ResourceKinds.Secrets.Resource] = ConfigurationColumns.Secrets,
        [ResourceKinds.ServiceAccounts.Resource] = ConfigurationColumns.ServiceAccounts,
        [ResourceKinds.Services.Resource] = ServiceColumns.Layout,
        [ResourceKinds.ControllerRevisions.Resource] = StatefulSetColumns.Revisions,
        [ResourceKinds.StatefulSets.Resource] = StatefulSetColumns.Layout,
        [ResourceKinds.EndpointSlices.Resource] = NetworkColumns.EndpointSlices,
        [ResourceKinds.PodDisruptionBudgets.Resource] = DisruptionBudgetColumns.Layout,
        [ResourceKinds.PriorityClasses.Resource] = PolicyColumns.PriorityClasses,
        [ResourceKinds.Leases.Resource] = PolicyColumns.Leases,
        [ResourceKinds.PodTemplates.Resource] = PolicyColumns.PodTemplates,
        [ResourceKinds.ResourceQuotas.Resource] = QuotaColumns.Layout,
        [ResourceKinds.LimitRanges.Resource] = PolicyColumns.LimitRanges,
        [ResourceKinds.StorageClasses.Resource] = StorageColumns.Classes,
        [ResourceKinds.Faults.Resource] = FaultColumns.Layout,
    };

    /// <summary>The layout of a kind.</summary>
    /// <exception cref="KeyNotFoundException">The kind is not one of <see cref="ResourceKinds.All"/>.</exception>
    public static TableLayout For(ResourceKind kind) => ByResource[kind.Resource];
}
