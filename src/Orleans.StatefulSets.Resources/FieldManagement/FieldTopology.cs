using k8s.Models;

namespace Orleans.StatefulSets.Resources.FieldManagement;

/// <summary>
/// Where objects are owned field by field and where only as a whole (the <c>listType</c>, <c>mapType</c> and <c>structType</c>
/// markers of k8s.io/api). A list that is not named here is owned as a whole.
/// </summary>
internal static class FieldTopology
{
    private static readonly string[] ByName = ["name"];
    private static readonly string[] ByType = ["type"];
    private static readonly string[] ByIp = ["ip"];
    private static readonly string[] ByContainerPort = ["containerPort", "protocol"];

    private static readonly Dictionary<(Type Struct, string Field), string[]> MapLists = new()
    {
        [(typeof(V1ObjectMeta), "ownerReferences")] = ["uid"],
        [(typeof(V1PodSpec), "containers")] = ByName,
        [(typeof(V1PodSpec), "initContainers")] = ByName,
        [(typeof(V1PodSpec), "ephemeralContainers")] = ByName,
        [(typeof(V1PodSpec), "volumes")] = ByName,
        [(typeof(V1PodSpec), "imagePullSecrets")] = ByName,
        [(typeof(V1PodSpec), "hostAliases")] = ByIp,
        [(typeof(V1PodSpec), "topologySpreadConstraints")] = ["topologyKey", "whenUnsatisfiable"],
        [(typeof(V1PodSpec), "schedulingGates")] = ByName,
        [(typeof(V1PodSpec), "resourceClaims")] = ByName,
        [(typeof(V1Container), "env")] = ByName,
        [(typeof(V1Container), "ports")] = ByContainerPort,
        [(typeof(V1Container), "volumeMounts")] = ["mountPath"],
        [(typeof(V1Container), "volumeDevices")] = ["devicePath"],
        [(typeof(V1EphemeralContainer), "env")] = ByName,
        [(typeof(V1EphemeralContainer), "ports")] = ByContainerPort,
        [(typeof(V1EphemeralContainer), "volumeMounts")] = ["mountPath"],
        [(typeof(V1EphemeralContainer), "volumeDevices")] = ["devicePath"],
        [(typeof(V1ResourceRequirements), "claims")] = ByName,
        [(typeof(V1PodStatus), "conditions")] = ByType,
        [(typeof(V1PodStatus), "podIPs")] = ByIp,
        [(typeof(V1ServiceSpec), "ports")] = ["port", "protocol"],
        [(typeof(V1ServiceStatus), "conditions")] = ByType,
        [(typeof(V1ServiceAccount), "secrets")] = ByName,
        [(typeof(V1NodeStatus), "conditions")] = ByType,
        [(typeof(V1NodeStatus), "addresses")] = ByType,
        [(typeof(V1NamespaceStatus), "conditions")] = ByType,
        [(typeof(V1PersistentVolumeClaimStatus), "conditions")] = ByType,
        [(typeof(V1StatefulSetStatus), "conditions")] = ByType,
    };

    private static readonly HashSet<(Type Struct, string Field)> SetLists =
    [
        (typeof(V1ObjectMeta), "finalizers"),
        (typeof(V1NodeSpec), "podCIDRs"),
    ];

    private static readonly HashSet<(Type Struct, string Field)> AtomicMaps =
    [
        (typeof(V1PodSpec), "nodeSelector"),
        (typeof(V1ServiceSpec), "selector"),
    ];

    private static readonly HashSet<Type> AtomicStructs =
    [
        typeof(V1LabelSelector), typeof(V1ObjectFieldSelector), typeof(V1ResourceFieldSelector), typeof(V1SecretKeySelector),
        typeof(V1ConfigMapKeySelector), typeof(V1LocalObjectReference), typeof(V1ObjectReference), typeof(V1TypedLocalObjectReference),
        typeof(V1SecretReference), typeof(V1NodeSelector), typeof(V1NodeSelectorTerm), typeof(V1TopologySelectorTerm),
        typeof(V1OwnerReference),
    ];

    // Go writes these even when nothing is set, so that they are never "new" by themselves.
    private static readonly HashSet<(Type? Struct, string Field)> AlwaysThere =
    [
        (typeof(V1StatefulSetSpec), "template"), (typeof(V1StatefulSetSpec), "updateStrategy"),
        (typeof(V1PodTemplateSpec), "metadata"), (typeof(V1PodTemplateSpec), "spec"),
        (typeof(V1PodSpec), "containers"), (typeof(V1PersistentVolumeClaimSpec), "resources"),
        (typeof(V1ServiceStatus), "loadBalancer"),
        (typeof(V1NodeStatus), "daemonEndpoints"), (typeof(V1NodeStatus), "nodeInfo"), (typeof(V1NodeDaemonEndpoints), "kubeletEndpoint"),
    ];

    /// <summary>The fields that identify an element of a list; null where the list is not such a map.</summary>
    public static string[]? KeysOf(Type? @struct, string field) => @struct is null ? null : MapLists.GetValueOrDefault((@struct, field));

    public static bool IsSet(Type? @struct, string field) => @struct is not null && SetLists.Contains((@struct, field));

    public static bool IsAtomicMap(Type? @struct, string field) => @struct is not null && AtomicMaps.Contains((@struct, field));

    public static bool IsAtomicStruct(Type type) => AtomicStructs.Contains(type);

    /// <summary>Whether a field stands in every object, empty if nothing else; the parts of the object itself do.</summary>
    public static bool IsAlwaysThere(Type? @struct, string field, bool isPartOfObject) =>
        isPartOfObject ? field is "metadata" or "spec" or "status" : AlwaysThere.Contains((@struct, field));
}
