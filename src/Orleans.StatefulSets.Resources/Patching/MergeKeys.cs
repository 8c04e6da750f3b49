using k8s.Models;

namespace Orleans.StatefulSets.Resources.Patching;

/// <summary>How a strategic merge patch treats a list (the <c>patchStrategy</c> and <c>patchMergeKey</c> tags of k8s.io/api).</summary>
/// <param name="Key">The field that identifies an element; null for a list of primitives merged as a set.</param>
/// <param name="RetainKeys">Whether an element of the patch says which keys survive (<c>$retainKeys</c>).</param>
internal sealed record ListMerge(string? Key, bool RetainKeys = false);

/// <summary>The lists that merge; every other list is replaced whole.</summary>
internal static class MergeKeys
{
    private static readonly ListMerge ByName = new("name");
    private static readonly ListMerge ByType = new("type");
    private static readonly ListMerge ByIp = new("ip");
    private static readonly ListMerge Primitive = new(null);

    private static readonly Dictionary<(Type Struct, string Field), ListMerge> Lists = new()
    {
        [(typeof(V1PodSpec), "containers")] = ByName,
        [(typeof(V1PodSpec), "initContainers")] = ByName,
        [(typeof(V1PodSpec), "ephemeralContainers")] = ByName,
        [(typeof(V1PodSpec), "volumes")] = new("name", RetainKeys: true),
        [(typeof(V1PodSpec), "imagePullSecrets")] = ByName,
        [(typeof(V1PodSpec), "hostAliases")] = ByIp,
        [(typeof(V1PodSpec), "topologySpreadConstraints")] = new("topologyKey"),
        [(typeof(V1PodSpec), "schedulingGates")] = ByName,
        [(typeof(V1PodSpec), "resourceClaims")] = new("name", RetainKeys: true),
        [(typeof(V1Container), "env")] = ByName,
        [(typeof(V1Container), "ports")] = new("containerPort"),
        [(typeof(V1Container), "volumeMounts")] = new("mountPath"),
        [(typeof(V1Container), "volumeDevices")] = new("devicePath"),
        [(typeof(V1EphemeralContainer), "env")] = ByName,
        [(typeof(V1EphemeralContainer), "ports")] = new("containerPort"),
        [(typeof(V1EphemeralContainer), "volumeMounts")] = new("mountPath"),
        [(typeof(V1EphemeralContainer), "volumeDevices")] = new("devicePath"),
        [(typeof(V1PodStatus), "conditions")] = ByType,
        [(typeof(V1PodStatus), "podIPs")] = ByIp,
        [(typeof(V1PodStatus), "hostIPs")] = ByIp,
        [(typeof(V1PodStatus), "resourceClaimStatuses")] = new("name", RetainKeys: true),
        [(typeof(V1ServiceSpec), "ports")] = new("port"),
        [(typeof(V1ServiceStatus), "conditions")] = ByType,
        [(typeof(V1ServiceAccount), "secrets")] = ByName,
        [(typeof(V1NodeSpec), "podCIDRs")] = Primitive,
        [(typeof(V1NodeStatus), "conditions")] = ByType,
        [(typeof(V1NodeStatus), "addresses")] = ByType,
        [(typeof(V1NamespaceStatus), "conditions")] = ByType,
        [(typeof(V1PersistentVolumeClaimStatus), "conditions")] = ByType,
        [(typeof(V1StatefulSetStatus), "conditions")] = ByType,
        [(typeof(V1ObjectMeta), "ownerReferences")] = new("uid"),
        [(typeof(V1ObjectMeta), "finalizers")] = Primitive,
    };

    /// <summary>How a list merges, or null where it is replaced.</summary>
    public static ListMerge? Of(Type? @struct, string field) => @struct is null ? null : Lists.GetValueOrDefault((@struct, field));
}
