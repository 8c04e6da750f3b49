namespace Orleans.StatefulSets.Storage;

/// <summary>
/// What a <see cref="MemoryFileStore"/> keeps. Handed to several stores it outlives each of them, as a database outlives the processes
/// that use it.
/// </summary>
/// <param name="maxBytes">Bytes that all trees together may take; 0 for no bound.</param>
public sealed class MemoryFileState(long maxBytes = 0)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, MemoryTreeRows> trees = new(StringComparer.Ordinal);
    private readonly Dictionary<long, MemoryTreeRows> byNumber = [];
    private long numbers;
    private long bytes;

    /// <summary>A tree as it is kept, without its holder's knowledge.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public StoredTree Peek(string tree)
    {
        lock (gate)
        {
            return trees[tree].Load();
        }
    }

    internal TreeHold? Acquire(string tree, bool create)
    {
        lock (gate)
        {
            if (!trees.TryGetValue(tree, out var rows))
            {
                if (!create)
                {
                    return null;
                }

                trees[tree] = byNumber[++numbers] = rows = new MemoryTreeRows(numbers);
            }

            return new TreeHold(rows.Number, ++rows.Epoch);
        }
    }

    internal StoredTree? Load(TreeHold hold)
    {
        lock (gate)
        {
            return Held(hold)?.Load();
        }
    }

    internal IReadOnlyList<StoredBlock>? ReadBlocks(TreeHold hold, long inode, IReadOnlyList<long> indexes)
    {
        lock (gate)
        {
            return Held(hold)?.Read(inode, indexes);
        }
    }

    internal FlushOutcome Flush(TreeHold hold, TreeFlush flush)
    {
        lock (gate)
        {
            if (Held(hold) is not { } rows)
            {
                return FlushOutcome.Fenced;
            }

            var growth = flush.Header.Bytes - rows.Header.Bytes;
            if (maxBytes > 0 && growth > 0 && bytes + growth > maxBytes)
            {
                throw FilesBound.Reached(maxBytes);
            }

            bytes += growth;
            rows.Write(flush, hold.Epoch);
            return FlushOutcome.Written;
        }
    }

    internal bool Delete(string tree)
    {
        lock (gate)
        {
            if (!trees.Remove(tree, out var rows))
            {
                return false;
            }

            bytes -= rows.Header.Bytes;
            return byNumber.Remove(rows.Number);
        }
    }

    internal bool Exists(string tree)
    {
        lock (gate)
        {
            return trees.ContainsKey(tree);
        }
    }

    internal IReadOnlyList<string> List(string after, int most)
    {
        lock (gate)
        {
            return [.. trees.Keys.Where(name => string.CompareOrdinal(name, after) > 0).Take(most)];
        }
    }

    private MemoryTreeRows? Held(TreeHold hold) => byNumber.TryGetValue(hold.Tree, out var rows) && rows.Epoch == hold.Epoch ? rows : null;
}
