using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.GarbageCollection;

/// <summary>The key that an owner reference names.</summary>
internal static class OwnerKeys
{
    /// <summary>
    /// The key, or null for a kind that the cluster does not serve, and for a namespaced owner of an object without a namespace (upstream:
    /// <c>OwnerRefInvalidNamespace</c>): nothing may be concluded about such an owner.
    /// </summary>
    public static ObjectKey? Of(V1OwnerReference reference, string @namespace) =>
        ResourceKinds.All.FirstOrDefault(kind => kind.Kind == reference.Kind && GroupOf(reference.ApiVersion) == kind.Group) is { } kind
            && !(kind.Namespaced && @namespace.Length == 0)
            ? kind.Key(@namespace, reference.Name)
            : null;

    private static string GroupOf(string apiVersion) => apiVersion.Contains('/', StringComparison.Ordinal) ? apiVersion[..apiVersion.IndexOf('/', StringComparison.Ordinal)] : "";
}
