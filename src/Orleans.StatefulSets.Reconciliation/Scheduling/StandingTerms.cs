namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>Equal terms of pods that have nodes, and how many such pods are on each node. They decide about pods that come later.</summary>
/// <param name="Term">The term.</param>
/// <param name="Score">What it is worth to a pod that it means; 0 for a required anti-affinity, which forbids.</param>
internal sealed record StandingTerm(AffinityTerm Term, int Score)
{
    public Dictionary<string, int> ByNode { get; } = new(StringComparer.Ordinal);

    public bool Forbids => Score == 0;
}

/// <summary>The terms of all pods that have nodes. Pods of one set share theirs, so there are few.</summary>
internal sealed class StandingTerms
{
    // HardPodAffinityWeight of InterPodAffinityArgs.
    private const int RequiredAffinityScore = 1;

    private readonly Dictionary<(string Text, int Score), StandingTerm> terms = [];
    private readonly LabelBuckets<StandingTerm> buckets = new();

    /// <summary>The terms that mean a pod.</summary>
    public IReadOnlyList<StandingTerm> For(PodTraits pod, Namespaces known) =>
        terms.Count == 0 ? [] : [.. buckets.For(pod.Labels).Where(standing => standing.Term.Matches(pod, known))];

    /// <summary>What a pod's terms are worth to others that they mean.</summary>
    public static IEnumerable<(AffinityTerm Term, int Score)> Of(PodAffinities affinities) => affinities.RequiredAnti.Select(term => (term, 0))
        .Concat(affinities.Required.Select(term => (term, RequiredAffinityScore)))
        .Concat(affinities.Preferred.Select(term => (term, term.Weight)))
        .Concat(affinities.PreferredAnti.Select(term => (term, -term.Weight)));

    public void Move(PodTraits pod, string node, int change)
    {
        if (ReferenceEquals(pod.Affinities, PodAffinities.None))
        {
            return;
        }

        foreach (var (term, score) in Of(pod.Affinities))
        {
            Move(term, score, node, change);
        }
    }

    private void Move(AffinityTerm term, int score, string node, int change)
    {
        if (!terms.TryGetValue((term.Text, score), out var standing))
        {
            terms.Add((term.Text, score), standing = new StandingTerm(term, score));
            buckets.Add(term.Pair, standing);
        }

        var count = standing.ByNode.GetValueOrDefault(node) + change;
        if (count > 0)
        {
            standing.ByNode[node] = count;
        }
        else if (standing.ByNode.Remove(node) && standing.ByNode.Count == 0)
        {
            terms.Remove((term.Text, score));
            buckets.Remove(standing.Term.Pair, standing);
        }
    }
}
