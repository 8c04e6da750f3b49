using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Journal;

/// <summary>What the journal knows of each live object: enough to check an expectation, and nothing of its contents.</summary>
/// <param name="Revision">The object's resourceVersion.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="CommitId">The commit that led to this revision.</param>
internal readonly record struct IndexedObject(long Revision, string Uid, Guid CommitId);

/// <summary>
/// The index of the live objects with the changes of one batch on top: they count for the checks within the batch, and become
/// part of the index only when the batch is durable.
/// </summary>
internal sealed class JournalIndex
{
    private readonly Dictionary<ObjectKey, IndexedObject> live = [];
    private readonly Dictionary<ObjectKey, IndexedObject?> staged = [];
    private readonly NamespaceCounts namespaces = new();

    public int Count => live.Count;

    /// <summary>How much there is in each namespace once what is staged is durable.</summary>
    public NamespaceCounts Namespaces => namespaces;

    public void Load(ObjectKey key, IndexedObject entry)
    {
        live[key] = entry;
        namespaces.Load(key);
    }

    /// <summary>The object as it will be once what is staged is durable.</summary>
    public IndexedObject? Find(ObjectKey key) => staged.TryGetValue(key, out var change) ? change : FindDurable(key);

    /// <summary>The object as it is stored.</summary>
    public IndexedObject? FindDurable(ObjectKey key) => live.TryGetValue(key, out var entry) ? entry : null;

    public bool IsStaged(ObjectKey key) => staged.ContainsKey(key);

    public void Stage(CommitEntry entry, long revision)
    {
        namespaces.Stage(entry.Key, (entry.Deleted ? 0 : 1) - (Find(entry.Key) is null ? 0 : 1));
        staged[entry.Key] = entry.Deleted ? null : new IndexedObject(revision, entry.Uid, entry.CommitId);
    }

    public void Accept()
    {
        foreach (var (key, change) in staged)
        {
            if (change is { } entry)
            {
                live[key] = entry;
            }
            else
            {
                live.Remove(key);
            }
        }

        staged.Clear();
        namespaces.Accept();
    }

    public void Reject()
    {
        staged.Clear();
        namespaces.Reject();
    }
}
