using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>Whether a node is one that a NodeSelector means (<c>component-helpers/scheduling/corev1/nodeaffinity</c>).</summary>
public static class NodeSelectors
{
    /// <summary>No selector means every node; terms are alternatives, and a term without any requirement means no node.</summary>
    public static bool Matches(V1NodeSelector? selector, V1Node node) =>
        selector is null || (selector.NodeSelectorTerms ?? []).Any(term => Matches(term, node));

    /// <summary>The pod's nodeSelector and the required part of its node affinity.</summary>
    public static bool Matches(V1Pod pod, V1Node node) =>
        HasLabels(node, pod.Spec.NodeSelector)
        && Matches(pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution, node);

    /// <summary>
    /// The nodes that every alternative of the required affinity names by <c>metadata.name</c> (the plugin's PreFilter): others need not be
    /// asked. Null where one alternative names none; empty where they contradict themselves.
    /// </summary>
    internal static IReadOnlySet<string>? NamedNodes(V1Pod pod)
    {
        if (pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms is not { Count: > 0 } terms)
        {
            return null;
        }

        HashSet<string> names = [];
        foreach (var term in terms)
        {
            HashSet<string>? ofTerm = null;
            foreach (var field in (term.MatchFields ?? []).Where(field => field is { Key: "metadata.name", OperatorProperty: "In" }))
            {
                ofTerm = ofTerm is null ? [.. field.Values] : [.. ofTerm.Intersect(field.Values)];
            }

            if (ofTerm is null)
            {
                return null;
            }

            names.UnionWith(ofTerm);
        }

        return names;
    }

    /// <summary>The weights of the preferred terms that mean the node.</summary>
    internal static int PreferredWeight(V1Pod pod, V1Node node)
    {
        var weight = 0;
        foreach (var preferred in pod.Spec.Affinity?.NodeAffinity?.PreferredDuringSchedulingIgnoredDuringExecution ?? [])
        {
            weight += preferred.Weight != 0 && preferred.Preference is { } term && Matches(term, node) ? preferred.Weight : 0;
        }

        return weight;
    }

    private static bool HasLabels(V1Node node, IDictionary<string, string>? wanted) =>
        wanted is null || wanted.All(pair => Label(node, pair.Key) == pair.Value);

    private static bool Matches(V1NodeSelectorTerm term, V1Node node)
    {
        var expressions = term.MatchExpressions ?? [];
        var fields = term.MatchFields ?? [];
        return expressions.Count + fields.Count > 0
            && expressions.All(requirement => Meets(requirement, Label(node, requirement.Key)))
            && fields.All(requirement => requirement.Key == "metadata.name" && Meets(requirement, node.Metadata.Name));
    }

    private static bool Meets(V1NodeSelectorRequirement requirement, string? value) => requirement.OperatorProperty switch
    {
        "In" => value is not null && requirement.Values.Contains(value),
        "NotIn" => value is null || !requirement.Values.Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        "Gt" => Compare(value, requirement) > 0,
        "Lt" => Compare(value, requirement) < 0,
        _ => false,
    };

    private static int Compare(string? value, V1NodeSelectorRequirement requirement) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var actual)
        && long.TryParse(requirement.Values.FirstOrDefault(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var bound)
            ? actual.CompareTo(bound)
            : 0;

    internal static string? Label(V1Node node, string key) =>
        node.Metadata.Labels is { } labels && labels.TryGetValue(key, out var value) ? value : null;
}
