using Orleans.StatefulSets.Api.Versions;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Discovery;

/// <summary>What discovery says of the kinds: verbs and the kinds that subresources speak.</summary>
internal static class ServedResource
{
    private static readonly string[] All = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    private static readonly string[] WithoutCollections = ["create", "delete", "get", "list", "patch", "update", "watch"];

    public static IReadOnlyList<string> Verbs(ResourceKind kind) => kind == ResourceKinds.Namespaces ? WithoutCollections : All;

    public static IReadOnlyList<string> Verbs(string subresource) => subresource switch
    {
        "binding" or "eviction" => ["create"],
        "finalize" => ["update"],
        "attach" or "exec" or "portforward" => ["create", "get"],
        "log" => ["get"],
        _ => ["get", "patch", "update"],
    };

    /// <summary>The group, version and kind of what a subresource answers.</summary>
    public static (string Group, string Version, string Kind) KindOf(ResourceKind kind, string subresource) => subresource switch
    {
        "scale" => ("autoscaling", "v1", "Scale"),
        "binding" => ("", "v1", "Binding"),
        "eviction" => ("policy", "v1", "Eviction"),
        "attach" => ("", "v1", "PodAttachOptions"),
        "exec" => ("", "v1", "PodExecOptions"),
        "portforward" => ("", "v1", "PodPortForwardOptions"),
        _ => (kind.Group, kind.Version, kind.Kind),
    };

    /// <summary>Group and version with their kinds, the core group first, the others in upstream's order.</summary>
    public static IReadOnlyList<IGrouping<(string Group, string Version), ResourceKind>> Groups { get; } =
        [.. ResourceKinds.All.Concat(OtherVersion.All.Select(other => other.Served)).GroupBy(kind => (kind.Group, kind.Version)).OrderBy(group => Rank(group.Key.Group)).ThenBy(group => group.Key.Group).ThenBy(group => group.Key.Version.Length)];

    private static int Rank(string group) => Array.IndexOf(["", "apps", "policy", "storage.k8s.io"], group) is var rank and >= 0 ? rank : int.MaxValue;
}
