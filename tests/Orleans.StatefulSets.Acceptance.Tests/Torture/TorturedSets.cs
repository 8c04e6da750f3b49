namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>The sets that are written to, and how they are written.</summary>
internal static class TorturedSets
{
    /// <summary>The set that is deleted and made again.</summary>
    public const string Again = "again";

    /// <summary>How many pods a set has at most, and in the end.</summary>
    public const int MostReplicas = 6;

    /// <summary>An ordered set, a parallel one, and one that comes and goes, all with claims.</summary>
    public static readonly IReadOnlyList<(string Name, string Policy)> All = [("ordered", "OrderedReady"), ("parallel", "Parallel"), (Again, "OrderedReady")];

    /// <summary>The path of a namespace's sets.</summary>
    public static string PathIn(string @namespace) => $"/apis/apps/v1/namespaces/{@namespace}/statefulsets";

    /// <summary>The claim of a set's pod.</summary>
    public static string ClaimOf(string set, int ordinal) => string.Intern($"data-{set}-{ordinal}");

    public static string Manifest(string name, string policy, int replicas) => $$$$$"""
        {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"{{{{{name}}}}}"},"spec":{"replicas":{{{{{replicas}}}}},"serviceName":"{{{{{name}}}}}","podManagementPolicy":"{{{{{policy}}}}}",
        "selector":{"matchLabels":{"app":"{{{{{name}}}}}"}},"template":{"metadata":{"labels":{"app":"{{{{{name}}}}}"}},"spec":{"terminationGracePeriodSeconds":1,
        "containers":[{"name":"main","image":"nginx","volumeMounts":[{"name":"data","mountPath":"/data"}]}]}},
        "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
        """;
}
