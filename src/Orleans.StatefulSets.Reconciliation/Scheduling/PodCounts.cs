namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>
/// The answers to queries: how many pods on each node. Counted when first asked, kept up to date with every pod that comes and goes.
/// Queries that nobody asked for long are let go.
/// </summary>
internal sealed class PodCounts
{
    private const int Remembered = 4096;

    private readonly Dictionary<string, Answer> answers = new(StringComparer.Ordinal);
    private readonly LabelBuckets<Answer> buckets = new();
    private long turn;

    /// <param name="query">What is asked.</param>
    /// <param name="places">All pods that have a node, for a query that is new.</param>
    public IReadOnlyDictionary<string, int> ByNode(PodQuery query, IEnumerable<PodPlace> places)
    {
        if (!answers.TryGetValue(query.Text, out var answer))
        {
            answer = new Answer(query);
            foreach (var place in places)
            {
                answer.Move(place.Pod, place.Node, 1);
            }

            Forget();
            answers.Add(query.Text, answer);
            buckets.Add(query.Pair, answer);
        }

        answer.AskedAt = ++turn;
        return answer.ByNode;
    }

    public void Move(PodTraits pod, string node, int change)
    {
        if (answers.Count == 0)
        {
            return;
        }

        foreach (var answer in buckets.For(pod.Labels))
        {
            answer.Move(pod, node, change);
        }
    }

    private void Forget()
    {
        if (answers.Count < Remembered)
        {
            return;
        }

        foreach (var answer in answers.Values.OrderBy(answer => answer.AskedAt).Take(Remembered / 2).ToList())
        {
            answers.Remove(answer.Query.Text);
            buckets.Remove(answer.Query.Pair, answer);
        }
    }

    private sealed class Answer(PodQuery query)
    {
        public PodQuery Query { get; } = query;

        public Dictionary<string, int> ByNode { get; } = new(StringComparer.Ordinal);

        public long AskedAt { get; set; }

        public void Move(PodTraits pod, string node, int change)
        {
            if (!Query.Matches(pod))
            {
                return;
            }

            var count = ByNode.GetValueOrDefault(node) + change;
            if (count > 0)
            {
                ByNode[node] = count;
            }
            else
            {
                ByNode.Remove(node);
            }
        }
    }
}
