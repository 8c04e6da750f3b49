using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>The strategy of every kind in <see cref="ResourceKinds"/>. All are pure, stateless and shared.</summary>
public static class ObjectStrategies
{
    private static readonly Dictionary<string, IObjectStrategy> ByResource = new()
    {
        [ResourceKinds.ConfigMaps.Resource] = new ConfigMapStrategy(),
        [ResourceKinds.Endpoints.Resource] = new EndpointsStrategy(),
        [ResourceKinds.Events.Resource] = new EventStrategy(),
        [ResourceKinds.Namespaces.Resource] = new NamespaceStrategy(),
        [ResourceKinds.Nodes.Resource] = new NodeStrategy(),
        [ResourceKinds.PersistentVolumeClaims.Resource] = new ClaimStrategy(),
        [ResourceKinds.PersistentVolumes.Resource] = new VolumeStrategy(),
        [ResourceKinds.Pods.Resource] = new PodStrategy(),
        [ResourceKinds.Secrets.Resource] = new SecretStrategy(),
        [ResourceKinds.ServiceAccounts.Resource] = new ServiceAccountStrategy(),
        [ResourceKinds.Services.Resource] = new ServiceStrategy(),
        [ResourceKinds.ControllerRevisions.Resource] = new ControllerRevisionStrategy(),
        [ResourceKinds.StatefulSets.Resource] = new StatefulSetStrategy(),
        [ResourceKinds.EndpointSlices.Resource] = new EndpointSliceStrategy(),
        [ResourceKinds.PodDisruptionBudgets.Resource] = new DisruptionBudgetStrategy(),
        [ResourceKinds.PriorityClasses.Resource] = new PriorityClassStrategy(),
        [ResourceKinds.Leases.Resource] = new LeaseStrategy(),
        [ResourceKinds.PodTemplates.Resource] = new PodTemplateStrategy(),
        [ResourceKinds.ResourceQuotas.Resource] = new ResourceQuotaStrategy(),
        [ResourceKinds.LimitRanges.Resource] = new LimitRangeStrategy(),
        [ResourceKinds.StorageClasses.Resource] = new StorageClassStrategy(),
        [ResourceKinds.Faults.Resource] = new FaultStrategy(),
    };

    /// <summary>The strategy of a kind.</summary>
    /// <exception cref="KeyNotFoundException">The kind is not one of <see cref="ResourceKinds.All"/>.</exception>
    public static IObjectStrategy For(ResourceKind kind) => ByResource[kind.Resource];
}
