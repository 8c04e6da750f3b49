using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// The objects of one resource, ordered by namespace and name, as an immutable list of immutable chunks: the next version shares
/// all chunks but one with this one, so a snapshot costs nothing, a change copies a few kilobytes, and a page begins by a search.
/// </summary>
internal sealed class ObjectTable
{
    // Big enough that 100,000 objects are some 700 chunks, small enough that copying one is a fraction of a microsecond.
    private const int ChunkSize = 256;

    // What an object costs beside its payload.
    private const int Overhead = 300;

    private readonly StoredObject[][] chunks;

    private ObjectTable(StoredObject[][] chunks, int count, long bytes, long replacedBytes)
    {
        this.chunks = chunks;
        Count = count;
        Bytes = bytes;
        ReplacedBytes = replacedBytes;
    }

    public static ObjectTable Empty { get; } = new([], 0, 0, 0);

    public int Count { get; }

    /// <summary>About what the objects cost in memory.</summary>
    public long Bytes { get; }

    /// <summary>
    /// About what all the revisions cost that were replaced or taken away on the way to this version: what it has more than an earlier one
    /// is the most that the earlier one keeps alone. Negative for a table that is <see cref="Apart"/>.
    /// </summary>
    public long ReplacedBytes { get; }

    public StoredObject? Find(string @namespace, string name)
    {
        var chunk = ChunkOf(@namespace, name);
        return chunk < 0 || Search(chunks[chunk], @namespace, name) is var place && place < 0 ? null : chunks[chunk][place];
    }

    /// <summary>The table with an object added or replaced.</summary>
    public ObjectTable With(StoredObject item)
    {
        if (chunks.Length == 0)
        {
            return new ObjectTable([[item]], 1, Bytes + Cost(item), ReplacedBytes);
        }

        var at = Math.Max(0, ChunkOf(item.Key.Namespace, item.Key.Name));
        var chunk = chunks[at];
        var place = Search(chunk, item.Key.Namespace, item.Key.Name);
        if (place >= 0)
        {
            var replaced = (StoredObject[])chunk.Clone();
            replaced[place] = item;
            var before = Cost(chunk[place]);
            return new ObjectTable(Replace(at, replaced), Count, Bytes + Cost(item) - before, ReplacedBytes + before);
        }

        StoredObject[] grown = [.. chunk.AsSpan(0, ~place), item, .. chunk.AsSpan(~place)];
        return new ObjectTable(grown.Length <= ChunkSize ? Replace(at, grown) : Split(at, grown), Count + 1, Bytes + Cost(item), ReplacedBytes);
    }

    /// <summary>The same table, made by undoing: it stands on no way from an earlier version to a later one.</summary>
    public ObjectTable Apart() => new(chunks, Count, Bytes, -1);

    /// <summary>The table without an object.</summary>
    public ObjectTable Without(string @namespace, string name)
    {
        var at = ChunkOf(@namespace, name);
        if (at < 0 || Search(chunks[at], @namespace, name) is var place && place < 0)
        {
            return this;
        }

        var chunk = chunks[at];
        var gone = Cost(chunk[place]);
        return new ObjectTable(
            chunk.Length == 1 ? [.. chunks.AsSpan(0, at), .. chunks.AsSpan(at + 1)] : Replace(at, [.. chunk.AsSpan(0, place), .. chunk.AsSpan(place + 1)]),
            Count - 1,
            Bytes - gone,
            ReplacedBytes + gone);
    }

    /// <summary>The objects after a place (exclusive), in order.</summary>
    public IEnumerable<StoredObject> After(string @namespace, string name)
    {
        var at = Math.Max(0, ChunkOf(@namespace, name));
        for (var first = true; at < chunks.Length; at++, first = false)
        {
            var chunk = chunks[at];
            var place = first ? Search(chunk, @namespace, name) : 0;
            for (place = !first ? 0 : place >= 0 ? place + 1 : ~place; place < chunk.Length; place++)
            {
                yield return chunk[place];
            }
        }
    }

    /// <summary>How many objects a namespace holds: two searches, nothing counted one by one.</summary>
    public int CountIn(string @namespace) => Rank(@namespace + "\0") - Rank(@namespace);

    private static int Cost(StoredObject item) => item.Payload.Length + Overhead;

    // How many objects come before the namespace's first.
    private int Rank(string @namespace)
    {
        var at = Math.Max(0, ChunkOf(@namespace, ""));
        if (chunks.Length == 0)
        {
            return 0;
        }

        var rank = 0;
        for (var i = 0; i < at; i++)
        {
            rank += chunks[i].Length;
        }

        var place = Search(chunks[at], @namespace, "");
        return rank + (place >= 0 ? place : ~place);
    }

    // The last chunk whose first object does not come after the place; -1 if the place comes before all.
    private int ChunkOf(string @namespace, string name)
    {
        int low = 0, high = chunks.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (Compare(chunks[middle][0], @namespace, name) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }

    private static int Search(StoredObject[] chunk, string @namespace, string name)
    {
        int low = 0, high = chunk.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = Compare(chunk[middle], @namespace, name);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    private static int Compare(StoredObject item, string @namespace, string name) =>
        string.CompareOrdinal(item.Key.Namespace, @namespace) is var order and not 0 ? order : string.CompareOrdinal(item.Key.Name, name);

    private StoredObject[][] Replace(int at, StoredObject[] chunk)
    {
        var next = (StoredObject[][])chunks.Clone();
        next[at] = chunk;
        return next;
    }

    // Names that come in order (web-0, web-1 …) fill chunks from the left, so the right part starts small.
    private StoredObject[][] Split(int at, StoredObject[] grown)
    {
        var cut = at == chunks.Length - 1 ? grown.Length - (ChunkSize / 4) : grown.Length / 2;
        return [.. chunks.AsSpan(0, at), grown[..cut], grown[cut..], .. chunks.AsSpan(at + 1)];
    }
}
