namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>Which names a quota may limit (pkg/apis/core/helper/helpers.go).</summary>
internal static class QuotaResourceNames
{
    private static readonly HashSet<string> Integers =
    [
        "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports",
        "services.loadbalancers",
    ];

    private static readonly HashSet<string> Compute = ["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];

    private static readonly HashSet<string> Standard =
    [
        .. Integers, .. Compute, "ephemeral-storage", "requests.ephemeral-storage", "limits.ephemeral-storage", "requests.storage",
    ];

    /// <summary>IsStandardQuotaResourceName.</summary>
    public static bool IsStandard(string name) => Standard.Contains(name) || IsHugePages(name);

    /// <summary>IsStandardResourceName: <c>storage</c> is known too, but nothing that a quota limits.</summary>
    public static bool IsKnown(string name) => name == "storage" || IsStandard(name);

    /// <summary>IsIntegerResourceName.</summary>
    public static bool IsInteger(string name) => Integers.Contains(name) || IsExtended(name);

    /// <summary>IsResourceQuotaScopeValidForResource.</summary>
    public static bool MayBeScoped(string? scope, string name) => scope switch
    {
        "Terminating" or "NotTerminating" or "NotBestEffort" or "PriorityClass" or "CrossNamespacePodAffinity" => name == "pods" || Compute.Contains(name),
        "BestEffort" => name == "pods",
        _ => true,
    };

    private static bool IsHugePages(string name) =>
        name.StartsWith("hugepages-", StringComparison.Ordinal) || name.StartsWith("requests.hugepages-", StringComparison.Ordinal);

    private static bool IsExtended(string name) =>
        name.Contains('/', StringComparison.Ordinal)
        && !name.Contains("kubernetes.io/", StringComparison.Ordinal)
        && !name.StartsWith("requests.", StringComparison.Ordinal)
        && !NameRules.QualifiedName("requests." + name).Any();
}
