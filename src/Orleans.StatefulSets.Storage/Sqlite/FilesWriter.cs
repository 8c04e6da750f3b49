using Microsoft.Data.Sqlite;

namespace Orleans.StatefulSets.Storage;

/// <summary>The one connection that writes <c>files.db</c>, with its statements prepared. Used by one thread.</summary>
internal sealed class FilesWriter : IDisposable
{
    // About 16 MiB of blocks, or as much work of others: whoever flushes meanwhile waits for no longer than for a large flush.
    private static readonly (string Table, string Key, int RowsAStep)[] PurgedTables =
        [("blocks", "inode, block", 256), ("inodes", "inode", 10_000), ("names", "directory, name", 10_000), ("attachments", "holder", 10_000)];

    private readonly SqliteConnection connection;
    private readonly long maxBytes;
    private readonly List<SqliteCommand> commands = [];
    private readonly SqliteCommand begin;
    private readonly SqliteCommand commit;
    private readonly SqliteCommand acquire;
    private readonly SqliteCommand create;
    private readonly SqliteCommand held;
    private readonly SqliteCommand advance;
    private readonly FlushStatements rows;
    private long bytes;

    /// <param name="connection">The connection; it goes with this.</param>
    /// <param name="maxBytes">Bytes that all trees together may take; 0 for no bound.</param>
    public FilesWriter(SqliteConnection connection, long maxBytes)
    {
        this.connection = connection;
        this.maxBytes = maxBytes;
        begin = Prepare("BEGIN IMMEDIATE");
        commit = Prepare("COMMIT");
        acquire = Prepare("UPDATE trees SET epoch = epoch + 1 WHERE name = $name RETURNING tree, epoch", "$name");
        create = Prepare("INSERT INTO trees (name, epoch, written_by, sequence, next, capacity, bytes, attach_epoch) VALUES ($name, 0, 0, 0, 0, 0, 0, 0)", "$name");
        held = Prepare("SELECT bytes FROM trees WHERE tree = $tree AND epoch = $epoch", "$tree", "$epoch");
        advance = Prepare(
            "UPDATE trees SET written_by = epoch, sequence = $sequence, next = $next, capacity = $capacity, bytes = $bytes, attach_epoch = $attach WHERE tree = $tree",
            "$sequence", "$next", "$capacity", "$bytes", "$attach", "$tree");
        rows = new FlushStatements(Prepare);
        bytes = connection.ReadNumber("SELECT coalesce(sum(bytes), 0) FROM trees");
    }

    /// <summary>What is left of trees that were deleted.</summary>
    public IReadOnlyList<long> Doomed()
    {
        using var command = Prepare("SELECT tree FROM doomed");
        using var reader = command.ExecuteReader();
        var doomed = new List<long>();
        while (reader.Read())
        {
            doomed.Add(reader.GetInt64(0));
        }

        return doomed;
    }

    public TreeHold? Acquire(string tree, bool mayCreate) => Transact<TreeHold?>(() =>
    {
        if (Acquire(tree) is { } found)
        {
            return found;
        }

        if (!mayCreate)
        {
            return null;
        }

        create.Parameters[0].Value = tree;
        create.ExecuteNonQuery();
        return Acquire(tree);
    });

    /// <summary>Writes all of it, or, where the tree has another holder, nothing.</summary>
    public FlushOutcome Flush(TreeHold hold, TreeFlush flush)
    {
        long growth = 0;
        var outcome = Transact(() =>
        {
            held.Parameters[0].Value = hold.Tree;
            held.Parameters[1].Value = hold.Epoch;
            if (held.ExecuteScalar() is not long before)
            {
                return FlushOutcome.Fenced;
            }

            growth = flush.Header.Bytes - before;
            if (maxBytes > 0 && growth > 0 && bytes + growth > maxBytes)
            {
                throw FilesBound.Reached(maxBytes);
            }

            Advance(hold.Tree, flush.Header);
            rows.Write(hold.Tree, flush);
            return FlushOutcome.Written;
        });
        bytes += outcome == FlushOutcome.Written ? growth : 0;
        return outcome;
    }

    /// <summary>Takes a tree's name and room away; its rows are left.</summary>
    /// <returns>The tree's number; null where there is none of that name.</returns>
    public long? Doom(string name)
    {
        long freed = 0;
        var doomed = Transact<long?>(() =>
        {
            using var command = Prepare("DELETE FROM trees WHERE name = $name RETURNING tree, bytes", "$name");
            command.Parameters[0].Value = name;
            long tree;
            using (var reader = command.ExecuteReader())
            {
                if (!reader.Read())
                {
                    return null;
                }

                (tree, freed) = (reader.GetInt64(0), reader.GetInt64(1));
            }

            connection.Execute($"INSERT INTO doomed VALUES ({tree})");
            return tree;
        });
        bytes -= doomed is null ? 0 : freed;
        return doomed;
    }

    /// <summary>Deletes some of a doomed tree's rows and gives their pages back to the disk.</summary>
    /// <returns>Whether there may be more.</returns>
    public bool Purge(long tree)
    {
        const int pagesAStep = 4096;
        var more = Transact(() =>
        {
            foreach (var (table, key, rowsAStep) in PurgedTables)
            {
                if (connection.Change($"DELETE FROM {table} WHERE tree = {tree} AND ({key}) IN (SELECT {key} FROM {table} WHERE tree = {tree} LIMIT {rowsAStep})") == rowsAStep)
                {
                    return true;
                }
            }

            connection.Execute($"DELETE FROM doomed WHERE tree = {tree}");
            return false;
        });
        connection.Execute($"PRAGMA incremental_vacuum({pagesAStep})");
        return more;
    }

    public void Dispose()
    {
        commands.ForEach(command => command.Dispose());
        connection.Dispose();
    }

    private TreeHold? Acquire(string tree)
    {
        acquire.Parameters[0].Value = tree;
        using var reader = acquire.ExecuteReader();
        return reader.Read() ? new TreeHold(reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    private void Advance(long tree, TreeHeader header)
    {
        var values = (long[])[header.Sequence, header.Next, header.Capacity, header.Bytes, header.AttachEpoch, tree];
        for (var place = 0; place < values.Length; place++)
        {
            advance.Parameters[place].Value = values[place];
        }

        advance.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = connection.Prepare(sql, parameters);
        commands.Add(command);
        return command;
    }

    private T Transact<T>(Func<T> work)
    {
        begin.ExecuteNonQuery();
        try
        {
            var result = work();
            commit.ExecuteNonQuery();
            return result;
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }
}
