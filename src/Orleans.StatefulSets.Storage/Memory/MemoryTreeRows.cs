namespace Orleans.StatefulSets.Storage;

/// <summary>The rows of one tree.</summary>
internal sealed class MemoryTreeRows(long number)
{
    private readonly Dictionary<string, StoredAttachment> attachments = new(StringComparer.Ordinal);
    private readonly Dictionary<long, StoredInode> inodes = [];
    private readonly Dictionary<(long Directory, string Name), StoredName> names = [];
    private readonly Dictionary<long, SortedDictionary<long, StoredBlock>> blocks = [];
    private long writtenBy;

    public long Number => number;

    public long Epoch { get; set; }

    public TreeHeader Header { get; private set; } = TreeHeader.New;

    public StoredTree Load() => new()
    {
        Header = Header,
        WrittenBy = writtenBy,
        Attachments = [.. attachments.Values],
        Inodes = [.. inodes.Values],
        Names = [.. names.Values],
        Blocks = [.. blocks.Values.SelectMany(of => of.Values).Select(block => block with { Bytes = default })],
    };

    public List<StoredBlock> Read(long inode, IReadOnlyList<long> indexes)
    {
        var found = new List<StoredBlock>();
        foreach (var index in indexes.Order())
        {
            if (blocks.TryGetValue(inode, out var of) && of.TryGetValue(index, out var block))
            {
                found.Add(block);
            }
        }

        return found;
    }

    public void Write(TreeFlush flush, long epoch)
    {
        (Header, writtenBy) = (flush.Header, epoch);
        WriteRows(attachments, flush.Attachments, attachment => attachment.Holder, flush.GoneHolders);
        WriteRows(inodes, flush.Inodes, inode => inode.Number, flush.GoneInodes);
        WriteRows(names, flush.Names, name => (name.Directory, name.Name), flush.GoneNames);
        foreach (var inode in flush.GoneInodes)
        {
            blocks.Remove(inode);
        }

        foreach (var (inode, index) in flush.GoneBlocks)
        {
            blocks.GetValueOrDefault(inode)?.Remove(index);
        }

        foreach (var block in flush.Blocks)
        {
            if (!blocks.TryGetValue(block.Inode, out var of))
            {
                blocks[block.Inode] = of = [];
            }

            of[block.Index] = block;
        }
    }

    private static void WriteRows<TKey, TRow>(Dictionary<TKey, TRow> rows, IReadOnlyList<TRow> put, Func<TRow, TKey> keyOf, IReadOnlyList<TKey> gone)
        where TKey : notnull
    {
        foreach (var key in gone)
        {
            rows.Remove(key);
        }

        foreach (var row in put)
        {
            rows[keyOf(row)] = row;
        }
    }
}
