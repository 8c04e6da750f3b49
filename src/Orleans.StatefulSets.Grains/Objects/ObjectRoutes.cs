using Orleans.StatefulSets.Grains.Disruption;
using Orleans.StatefulSets.Grains.Faults;
using Orleans.StatefulSets.Grains.GarbageCollection;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Namespaces;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Grains.Pods;
using Orleans.StatefulSets.Grains.Quotas;
using Orleans.StatefulSets.Grains.Scheduling;
using Orleans.StatefulSets.Grains.Services;
using Orleans.StatefulSets.Grains.StatefulSets;
using Orleans.StatefulSets.Grains.Volumes;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>The way from a key to the grain that owns the object.</summary>
internal sealed class ObjectRoutes(TypedGrainFactory grains)
{
    /// <summary>The object's grain, or null for a kind that nothing reconciles.</summary>
    public IObjectGrain? Find(ObjectKey key) => key.Resource switch
    {
        "pods" => grains.Get<IPodGrain>(key.ToString()),
        "statefulsets.apps" => grains.Get<IStatefulSetGrain>(key.ToString()),
        "persistentvolumeclaims" => grains.Get<IPersistentVolumeClaimGrain>(key.ToString()),
        "persistentvolumes" => grains.Get<IPersistentVolumeGrain>(key.ToString()),
        "nodes" => grains.Get<INodeGrain>(key.ToString()),
        "services" => grains.Get<IServiceGrain>(key.ToString()),
        "poddisruptionbudgets.policy" => grains.Get<IDisruptionBudgetGrain>(key.ToString()),
        "resourcequotas" => grains.Get<IResourceQuotaGrain>(key.ToString()),
        "faults.emulator.statefulsets" => grains.Get<IFaultGrain>(key.ToString()),
        "namespaces" => grains.Get<INamespaceGrain>(key.ToString()),
        _ => null,
    };

    public IPodGrain Pod(string @namespace, string name) => grains.Get<IPodGrain>(ResourceKinds.Pods.Key(@namespace, name).ToString());

    public IStatefulSetGrain StatefulSet(string @namespace, string name) =>
        grains.Get<IStatefulSetGrain>(ResourceKinds.StatefulSets.Key(@namespace, name).ToString());

    public IPersistentVolumeClaimGrain Claim(string @namespace, string name) =>
        grains.Get<IPersistentVolumeClaimGrain>(ResourceKinds.PersistentVolumeClaims.Key(@namespace, name).ToString());

    public IPersistentVolumeGrain Volume(string name) =>
        grains.Get<IPersistentVolumeGrain>(ResourceKinds.PersistentVolumes.Key("", name).ToString());

    public INodeGrain Node(string name) => grains.Get<INodeGrain>(ResourceKinds.Nodes.Key("", name).ToString());

    public IServiceGrain Service(string @namespace, string name) =>
        grains.Get<IServiceGrain>(ResourceKinds.Services.Key(@namespace, name).ToString());

    public IDisruptionBudgetGrain DisruptionBudget(string @namespace, string name) =>
        grains.Get<IDisruptionBudgetGrain>(ResourceKinds.PodDisruptionBudgets.Key(@namespace, name).ToString());

    public IResourceQuotaGrain ResourceQuota(string @namespace, string name) =>
        grains.Get<IResourceQuotaGrain>(ResourceKinds.ResourceQuotas.Key(@namespace, name).ToString());

    public IFaultGrain Fault(string name) => grains.Get<IFaultGrain>(ResourceKinds.Faults.Key("", name).ToString());

    public ISchedulerGrain Scheduler() => grains.Get<ISchedulerGrain>(SchedulerKeys.Default);

    public IGarbageCollectorGrain Collector(string ownerUid) => grains.Get<IGarbageCollectorGrain>(ownerUid);

    public IJournalGrain Journal(string journal) => grains.Get<IJournalGrain>(journal);
}
