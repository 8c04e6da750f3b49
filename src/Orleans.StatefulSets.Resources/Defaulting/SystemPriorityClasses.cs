using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>The two classes that every cluster has (pkg/apis/scheduling/v1/helpers.go).</summary>
public static class SystemPriorityClasses
{
    internal const string Prefix = "system-";

    /// <summary>system-node-critical and system-cluster-critical.</summary>
    public static IReadOnlyList<V1PriorityClass> All { get; } =
    [
        New("system-node-critical", 2_000_001_000, "Used for system critical pods that must not be moved from their current node."),
        New("system-cluster-critical", 2_000_000_000, "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."),
    ];

    internal static V1PriorityClass? Find(string? name) => All.FirstOrDefault(known => known.Metadata.Name == name);

    /// <exception cref="ApiException">403: the class is one of the two.</exception>
    internal static void CheckDelete(ResourceKind kind, string name)
    {
        if (kind == ResourceKinds.PriorityClasses && Find(name) is not null)
        {
            throw ApiErrors.Forbidden(kind, name, "this is a system priority class and cannot be deleted");
        }
    }

    private static V1PriorityClass New(string name, int value, string description) => new()
    {
        ApiVersion = "scheduling.k8s.io/v1",
        Kind = "PriorityClass",
        Metadata = new V1ObjectMeta { Name = name },
        Value = value,
        Description = description,
    };
}
