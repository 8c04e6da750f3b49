namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// The versions of tables that clients page through. Versions share all that did not change between them, so what one of them keeps in memory
/// is at most what was replaced until the next one: that is what is bounded, oldest forgotten first.
/// </summary>
internal sealed class RememberedTables(long maxBytes)
{
    // A page that never ends and a version a page: the lists of chunks themselves are not free.
    private const int Most = 256;
    private const int BytesAPlace = 2 * sizeof(long);

    private readonly Lock gate = new();
    private readonly Dictionary<string, List<(long Version, ObjectTable Table)>> remembered = [];
    private volatile int count;

    public bool IsEmpty => count == 0;

    public ObjectTable? Find(string resource, long version)
    {
        lock (gate)
        {
            return remembered.TryGetValue(resource, out var kept) && kept.FirstOrDefault(entry => entry.Version == version) is { Table: { } table } ? table : null;
        }
    }

    public void Add(string resource, long version, ObjectTable table)
    {
        lock (gate)
        {
            if (!remembered.TryGetValue(resource, out var kept))
            {
                remembered[resource] = kept = [];
            }

            var after = kept.FindLastIndex(entry => entry.Version <= version);
            if (after >= 0 && kept[after].Version == version)
            {
                return;
            }

            kept.Insert(after + 1, (version, table));
            count++;
        }
    }

    /// <summary>Forgets what is older than a version, and the oldest where together they keep too much beside the present tables.</summary>
    public void Trim(long forgotten, IReadOnlyDictionary<string, ObjectTable> present)
    {
        lock (gate)
        {
            foreach (var kept in remembered.Values)
            {
                count -= kept.RemoveAll(entry => entry.Version < forgotten);
            }

            while (count > Most || Kept(present) > maxBytes)
            {
                remembered.Values.Where(kept => kept.Count > 0).MinBy(kept => kept[0].Version)!.RemoveAt(0);
                count--;
            }
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            remembered.Clear();
            count = 0;
        }
    }

    private long Kept(IReadOnlyDictionary<string, ObjectTable> present)
    {
        long bytes = 0;
        foreach (var (resource, kept) in remembered)
        {
            for (var i = 0; i < kept.Count; i++)
            {
                var table = kept[i].Table;
                var next = i + 1 < kept.Count ? kept[i + 1].Table : present[resource];
                bytes += KeptAlone(table, next) + ((long)table.Count * BytesAPlace);
            }
        }

        return bytes;
    }

    private static long KeptAlone(ObjectTable table, ObjectTable next)
    {
        var replaced = next.ReplacedBytes - table.ReplacedBytes;
        return table.ReplacedBytes < 0 || replaced < 0 ? table.Bytes : Math.Min(table.Bytes, replaced);
    }
}
