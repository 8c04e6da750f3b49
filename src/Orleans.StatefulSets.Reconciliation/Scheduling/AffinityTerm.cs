using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>One term of a pod's affinity or anti-affinity to other pods (the framework's <c>AffinityTerm</c>).</summary>
internal sealed class AffinityTerm
{
    private readonly HashSet<string> namespaces;
    private readonly PodSelector namespaceSelector;
    private readonly PodSelector selector;

    private AffinityTerm(HashSet<string> namespaces, PodSelector namespaceSelector, PodSelector selector, string topologyKey, int weight)
    {
        (this.namespaces, this.namespaceSelector, this.selector, TopologyKey, Weight) = (namespaces, namespaceSelector, selector, topologyKey, weight);
        Text = string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(',', namespaces.Order(StringComparer.Ordinal))}|{namespaceSelector.Text}|{selector.Text}|{topologyKey}|{weight}");
    }

    public string TopologyKey { get; }

    /// <summary>1 to 100 for a preferred term; 1 for a required one, which is what it counts when others are scored by it.</summary>
    public int Weight { get; }

    /// <summary>The same for all terms that ask the same.</summary>
    public string Text { get; }

    /// <summary>A label that all pods that are meant have, or null.</summary>
    public (string Key, string Value)? Pair => selector.Pair;

    /// <summary>
    /// No namespaces and no namespaceSelector is the pod's own namespace; a namespaceSelector that is empty is all of them.
    /// matchLabelKeys and mismatchLabelKeys take their values from the pod's labels; keys that it has not are left out.
    /// </summary>
    public static AffinityTerm Of(V1Pod pod, V1PodAffinityTerm term, int weight = 1)
    {
        var own = term.NamespaceSelector is null && term.Namespaces is not { Count: > 0 };
        return new AffinityTerm(
            own ? [pod.Metadata.NamespaceProperty] : [.. term.Namespaces ?? []],
            PodSelector.Of(term.NamespaceSelector),
            PodSelector.Of(term.LabelSelector, [.. LabelKeys.Requirements(pod, term.MatchLabelKeys, "In"), .. LabelKeys.Requirements(pod, term.MismatchLabelKeys, "NotIn")]),
            term.TopologyKey ?? "",
            weight);
    }

    /// <summary>Whether it means a pod.</summary>
    public bool Matches(PodTraits pod, Namespaces known) =>
        selector.Matches(pod.Labels) && (namespaces.Contains(pod.Namespace) || namespaceSelector.Matches(known.LabelsOf(pod.Namespace)));

    /// <summary>The same term without a namespaceSelector: with the namespaces that it means now.</summary>
    public AffinityTerm Resolve(Namespaces known) => namespaceSelector.Text == "!" || namespaceSelector.IsEmpty
        ? this
        : new AffinityTerm([.. namespaces, .. known.Selected(namespaceSelector)], PodSelector.Of(null), selector, TopologyKey, Weight);
}
