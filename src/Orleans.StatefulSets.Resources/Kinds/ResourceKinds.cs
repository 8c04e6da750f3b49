using k8s.Models;

namespace Orleans.StatefulSets.Resources.Kinds;

/// <summary>Every kind that the cluster serves, with upstream's names (kubectl api-resources of Kubernetes 1.33).</summary>
public static class ResourceKinds
{
    public static readonly ResourceKind Namespaces = new()
    {
        Group = "",
        Version = "v1",
        Kind = "Namespace",
        Plural = "namespaces",
        Singular = "namespace",
        ShortNames = ["ns"],
        Namespaced = false,
        ModelType = typeof(V1Namespace),
        Subresources = ["status", "finalize"],
    };

    public static readonly ResourceKind Nodes = new()
    {
        Group = "",
        Version = "v1",
        Kind = "Node",
        Plural = "nodes",
        Singular = "node",
        ShortNames = ["no"],
        Namespaced = false,
        ModelType = typeof(V1Node),
        Subresources = ["status"],
    };

    public static readonly ResourceKind Pods = new()
    {
        Group = "",
        Version = "v1",
        Kind = "Pod",
        Plural = "pods",
        Singular = "pod",
        ShortNames = ["po"],
        Categories = ["all"],
        Namespaced = true,
        ModelType = typeof(V1Pod),
        Subresources = ["status", "binding", "eviction", "attach", "exec", "log", "portforward"],
    };

    public static readonly ResourceKind Services = new()
    {
        Group = "",
        Version = "v1",
        Kind = "Service",
        Plural = "services",
        Singular = "service",
        ShortNames = ["svc"],
        Categories = ["all"],
        Namespaced = true,
        ModelType = typeof(V1Service),
        Subresources = ["status"],
    };

    public static readonly ResourceKind Endpoints = new()
    {
        Group = "",
        Version = "v1",
        Kind = "Endpoints",
        Plural = "endpoints",
        Singular = "endpoints",
        ShortNames = ["ep"],
        Namespaced = true,
        ModelType = typeof(V1Endpoints),
    };

    public static readonly ResourceKind EndpointSlices = new()
    {
        Group = "discovery.k8s.io",
        Version = "v1",
        Kind = "EndpointSlice",
        Plural = "endpointslices",
        Singular = "endpointslice",
        Namespaced = true,
        ModelType = typeof(V1EndpointSlice),
        CountsGenerations = true,
    };

    public static readonly ResourceKind PersistentVolumeClaims = new()
    {
        Group = "",
        Version = "v1",
        Kind = "PersistentVolumeClaim",
        Plural = "persistentvolumeclaims",
        Singular = "persistentvolumeclaim",
        ShortNames = ["pvc"],
        Namespaced = true,
        ModelType = typeof(V1PersistentVolumeClaim),
        Subresources = ["status"],
    };

    public static readonly ResourceKind PersistentVolumes = new()
    {
        Group = "",
        Version = "v1",
        Kind = "PersistentVolume",
        Plural = "persistentvolumes",
        Singular = "persistentvolume",
        ShortNames = ["pv"],
        Namespaced = false,
        ModelType = typeof(V1PersistentVolume),
        Subresources = ["status"],
    };

    public static readonly ResourceKind StorageClasses = new()
    {
        Group = "storage.k8s.io",
        Version = "v1",
        Kind = "StorageClass",
        Plural = "storageclasses",
        Singular = "storageclass",
        ShortNames = ["sc"],
        Namespaced = false,
        ModelType = typeof(V1StorageClass),
    };

    public static readonly ResourceKind StatefulSets = new()
    {
        Group = "apps",
        Version = "v1",
        Kind = "StatefulSet",
        Plural = "statefulsets",
        Singular = "statefulset",
        ShortNames = ["sts"],
        Categories = ["all"],
        Namespaced = true,
        ModelType = typeof(V1StatefulSet),
        Subresources = ["status", "scale"],
        CountsGenerations = true,
    };

    public static readonly ResourceKind ControllerRevisions = new()
    {
        Group = "apps",
        Version = "v1",
        Kind = "ControllerRevision",
        Plural = "controllerrevisions",
        Singular = "controllerrevision",
        Namespaced = true,
        ModelType = typeof(V1ControllerRevision),
    };

    public static readonly ResourceKind PodDisruptionBudgets = new()
    {
        Group = "policy",
        Version = "v1",
        Kind = "PodDisruptionBudget",
        Plural = "poddisruptionbudgets",
        Singular = "poddisruptionbudget",
        ShortNames = ["pdb"],
        Namespaced = true,
        ModelType = typeof(V1PodDisruptionBudget),
        Subresources = ["status"],
        CountsGenerations = true,
    };

    public static readonly ResourceKind Events = new()
    {
        Group = "",
        Version = "v1",
        Kind = "Event",
        Plural = "events",
        Singular = "event",
        ShortNames = ["ev"],
        Namespaced = true,
        ModelType = typeof(Corev1Event),
    };

    public static readonly ResourceKind ServiceAccounts = new()
    {
        Group = "",
        Version = "v1",
        Kind = "ServiceAccount",
        Plural = "serviceaccounts",
        Singular = "serviceaccount",
        ShortNames = ["sa"],
        Namespaced = true,
        ModelType = typeof(V1ServiceAccount),
    };

    public static readonly ResourceKind ConfigMaps = new()
    {
        Group = "",
        Version = "v1",
        Kind = "ConfigMap",
        Plural = "configmaps",
        Singular = "configmap",
        ShortNames = ["cm"],
        Namespaced = true,
        ModelType = typeof(V1ConfigMap),
    };

    public static readonly ResourceKind Secrets = new()
    {
        Group = "",
        Version = "v1",
        Kind = "Secret",
        Plural = "secrets",
        Singular = "secret",
        Namespaced = true,
        ModelType = typeof(V1Secret),
    };

    public static readonly ResourceKind PriorityClasses = new()
    {
        Group = "scheduling.k8s.io",
        Version = "v1",
        Kind = "PriorityClass",
        Plural = "priorityclasses",
        Singular = "priorityclass",
        ShortNames = ["pc"],
        Namespaced = false,
        ModelType = typeof(V1PriorityClass),
    };

    public static readonly ResourceKind Leases = new()
    {
        Group = "coordination.k8s.io",
        Version = "v1",
        Kind = "Lease",
        Plural = "leases",
        Singular = "lease",
        Namespaced = true,
        ModelType = typeof(V1Lease),
    };

    public static readonly ResourceKind PodTemplates = new()
    {
        Group = "",
        Version = "v1",
        Kind = "PodTemplate",
        Plural = "podtemplates",
        Singular = "podtemplate",
        Namespaced = true,
        ModelType = typeof(V1PodTemplate),
    };

    public static readonly ResourceKind LimitRanges = new()
    {
        Group = "",
        Version = "v1",
        Kind = "LimitRange",
        Plural = "limitranges",
        Singular = "limitrange",
        ShortNames = ["limits"],
        Namespaced = true,
        ModelType = typeof(V1LimitRange),
    };

    public static readonly ResourceKind ResourceQuotas = new()
    {
        Group = "",
        Version = "v1",
        Kind = "ResourceQuota",
        Plural = "resourcequotas",
        Singular = "resourcequota",
        ShortNames = ["quota"],
        Namespaced = true,
        ModelType = typeof(V1ResourceQuota),
        Subresources = ["status"],
    };

    /// <summary>The emulator's own kind, which no real cluster has.</summary>
    public static readonly ResourceKind Faults = FaultKind.Definition;

    /// <summary>Every kind, core group first.</summary>
    public static IReadOnlyList<ResourceKind> All { get; } =
    [
        ConfigMaps, Endpoints, Events, LimitRanges, Namespaces, Nodes, PersistentVolumeClaims, PersistentVolumes, Pods, PodTemplates, ResourceQuotas, Secrets, ServiceAccounts, Services,
        ControllerRevisions, StatefulSets, EndpointSlices, Leases, PodDisruptionBudgets, PriorityClasses, StorageClasses, Faults,
    ];

    private static readonly Dictionary<string, ResourceKind> ByResourceName = All.ToDictionary(kind => kind.Resource);
    private static readonly Dictionary<Type, ResourceKind> ByModelType = All.ToDictionary(kind => kind.ModelType);

    /// <summary>The kind of a <see cref="ResourceKind.Resource"/> such as <c>statefulsets.apps</c>, or null.</summary>
    public static ResourceKind? Find(string resource) => ByResourceName.GetValueOrDefault(resource);

    /// <summary>The kind of a URL's group, version and plural, or null.</summary>
    public static ResourceKind? Find(string group, string version, string plural) =>
        Find(group.Length == 0 ? plural : $"{plural}.{group}") is { } kind && kind.Version == version ? kind : null;

    /// <summary>The kind that a model type stands for.</summary>
    /// <exception cref="KeyNotFoundException">The type is not the model of a served kind.</exception>
    public static ResourceKind Of(Type modelType) => ByModelType[modelType];

    /// <summary>The kind of a key.</summary>
    /// <exception cref="KeyNotFoundException">No such kind is served.</exception>
    public static ResourceKind Of(ObjectKey key) => ByResourceName[key.Resource];
}
