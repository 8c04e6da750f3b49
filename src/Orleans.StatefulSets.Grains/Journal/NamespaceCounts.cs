using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Journal;

/// <summary>
/// How many objects each namespace holds, so that none is left in one that is gone, whoever wrote on whatever knowledge: who empties a
/// namespace can't know of a write that is on its way, and who writes can't know that the namespace goes meanwhile.
/// </summary>
internal sealed class NamespaceCounts
{
    private readonly Dictionary<string, int> objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> staged = new(StringComparer.Ordinal);

    // Cluster-scoped objects are counted under "", the namespaces themselves beside them.
    private int namespaces;
    private int stagedNamespaces;

    /// <summary>Whether this journal keeps the namespaces: that of Events does not, and knows of none.</summary>
    public bool AreKnown => namespaces > 0;

    /// <summary>How many objects are in a namespace.</summary>
    public int In(string @namespace) => objects.GetValueOrDefault(@namespace);

    public void Load(ObjectKey key) => Add(key, 1);

    /// <summary>Counts a change of a batch.</summary>
    /// <param name="key">The object.</param>
    /// <param name="change">1 where it comes, -1 where it goes, 0 where it stays.</param>
    public void Stage(ObjectKey key, int change)
    {
        if (change == 0)
        {
            return;
        }

        Add(key, change);
        staged[key.Namespace] = staged.GetValueOrDefault(key.Namespace) + change;
        stagedNamespaces += IsNamespace(key) ? change : 0;
    }

    public void Accept()
    {
        staged.Clear();
        stagedNamespaces = 0;
    }

    public void Reject()
    {
        foreach (var (@namespace, change) in staged)
        {
            Put(@namespace, In(@namespace) - change);
        }

        namespaces -= stagedNamespaces;
        Accept();
    }

    private void Add(ObjectKey key, int change)
    {
        Put(key.Namespace, In(key.Namespace) + change);
        namespaces += IsNamespace(key) ? change : 0;
    }

    private void Put(string @namespace, int count)
    {
        if (count == 0)
        {
            objects.Remove(@namespace);
        }
        else
        {
            objects[@namespace] = count;
        }
    }

    private static bool IsNamespace(ObjectKey key) => key.Resource == ResourceKinds.Namespaces.Resource;
}
