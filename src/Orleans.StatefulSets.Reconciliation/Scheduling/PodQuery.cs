namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>A question about pods that constraints ask: how many such are on each node.</summary>
/// <param name="Text">The same for all queries that ask the same.</param>
/// <param name="Pair">A label that all that are meant have, or null.</param>
/// <param name="Matches">Whether a pod is meant; always the same answer for the same pod.</param>
internal sealed record PodQuery(string Text, (string Key, string Value)? Pair, Func<PodTraits, bool> Matches)
{
    /// <summary>Pods that all of some terms mean. A term without its namespaces resolved could change its answer: resolve first.</summary>
    public static PodQuery OfTerms(IReadOnlyList<AffinityTerm> resolved, Namespaces known) => new(
        string.Join('&', resolved.Select(term => term.Text)),
        resolved[0].Pair,
        pod => resolved.All(term => term.Matches(pod, known)));

    /// <summary>Pods of a namespace that are not going away; an empty selector counts none (<c>countPodsMatchSelector</c>).</summary>
    public static PodQuery OfSpread(string @namespace, PodSelector selector) => new(
        $"spread {@namespace} {selector.Text}",
        selector.Pair,
        pod => !selector.IsEmpty && !pod.IsTerminating && pod.Namespace == @namespace && selector.Matches(pod.Labels));
}
