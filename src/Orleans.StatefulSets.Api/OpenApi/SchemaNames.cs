using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Api.OpenApi;

/// <summary>Upstream's names of schemas, from the client library's names of models: <c>kubectl explain</c> shows their last part.</summary>
internal static partial class SchemaNames
{
    private static readonly FrozenSet<string> Meta = new[]
    {
        "Condition", "DeleteOptions", "LabelSelector", "LabelSelectorRequirement", "ListMeta", "ManagedFieldsEntry", "ObjectMeta", "OwnerReference",
        "Preconditions", "Status", "StatusCause", "StatusDetails",
    }.ToFrozenSet();

    private static readonly (string Package, string[] Beginnings)[] Groups =
    [
        ("io.k8s.api.apps.v1", ["StatefulSet", "RollingUpdateStatefulSet", "ControllerRevision"]),
        ("io.k8s.api.storage.v1", ["StorageClass"]),
        ("io.k8s.api.discovery.v1", ["EndpointSlice", "EndpointConditions", "EndpointHints", "ForZone", "ForNode"]),
        ("io.k8s.api.policy.v1", ["PodDisruptionBudget", "Eviction"]),
        ("io.k8s.api.scheduling.v1", ["PriorityClass"]),
        ("io.k8s.api.coordination.v1", ["Lease"]),
        ("statefulsets.emulator.v1alpha1", ["Fault"]),
    ];

    /// <summary><c>io.k8s.api.apps.v1.StatefulSetSpec</c> of <c>V1StatefulSetSpec</c>.</summary>
    public static string Of(Type model)
    {
        var parts = ModelName().Match(model.Name);
        var name = parts.Groups["name"].Value;
        return $"{Package(parts.Groups["group"].Value, name)}.{name}";
    }

    private static string Package(string group, string name) => group switch
    {
        "Core" => "io.k8s.api.core.v1",
        "Discovery" => "io.k8s.api.discovery.v1",
        "Events" => "io.k8s.api.events.v1",
        _ when Meta.Contains(name) => "io.k8s.apimachinery.pkg.apis.meta.v1",
        _ when name == "Endpoint" => "io.k8s.api.discovery.v1",
        _ => Array.Find(Groups, known => known.Beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal))).Package ?? "io.k8s.api.core.v1",
    };

    [GeneratedRegex("^(?<group>[A-Z][a-z]*?)??[Vv][0-9]+((alpha|beta)[0-9]+)?(?<name>[A-Z].*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex ModelName();
}
