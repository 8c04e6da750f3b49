using System.Diagnostics.CodeAnalysis;

namespace Orleans.StatefulSets.Grains.Journal;

/// <summary>
/// The commits that landed (or were refused) lately and where: a retry, or a message that came twice, is told so instead of being carried out again, even
/// where another commit has changed or deleted the object since. Bounded: a retry comes soon or never.
/// </summary>
internal sealed class RecentCommits(int capacity)
{
    private readonly Dictionary<Guid, long> revisions = [];
    private readonly Queue<Guid> order = new();

    public bool Contains(Guid commitId) => revisions.ContainsKey(commitId);

    public bool TryFind(Guid commitId, [NotNullWhen(true)] out long? revision)
    {
        revision = revisions.TryGetValue(commitId, out var found) ? found : null;
        return revision is not null;
    }

    public void Add(Guid commitId, long revision)
    {
        if (!revisions.TryAdd(commitId, revision))
        {
            return;
        }

        order.Enqueue(commitId);
        if (order.Count > capacity)
        {
            revisions.Remove(order.Dequeue());
        }
    }
}
