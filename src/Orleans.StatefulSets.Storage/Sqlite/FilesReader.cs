using Microsoft.Data.Sqlite;

namespace Orleans.StatefulSets.Storage;

/// <summary>The connection that reads <c>files.db</c>. Used by one thread; what is being written doesn't make it wait.</summary>
internal sealed class FilesReader(SqliteConnection connection) : IDisposable
{
    private readonly SqliteCommand header = connection.Prepare(
        "SELECT sequence, next, capacity, bytes, attach_epoch, written_by FROM trees WHERE tree = $tree AND epoch = $epoch", "$tree", "$epoch");

    private readonly SqliteCommand block = connection.Prepare(
        "SELECT mask, bytes FROM blocks WHERE tree = $tree AND inode = $inode AND block = $block", "$tree", "$inode", "$block");

    private readonly SqliteCommand named = connection.Prepare("SELECT EXISTS (SELECT 1 FROM trees WHERE name = $name)", "$name");

    private readonly SqliteCommand names = connection.Prepare("SELECT name FROM trees WHERE name > $after ORDER BY name LIMIT $most", "$after", "$most");

    public StoredTree? Load(TreeHold hold) => AtOneMoment(hold, found => new StoredTree
    {
        Header = found.Header,
        WrittenBy = found.WrittenBy,
        Attachments = Rows(hold, "SELECT holder, epoch, exclusive, origin FROM attachments", row => new StoredAttachment(row.GetString(0), row.GetInt64(1), row.GetBoolean(2), row.GetString(3))),
        Inodes = Rows(hold, "SELECT inode, kind, mode, uid, gid, size, links, accessed, modified, changed, target FROM inodes", ReadInode),
        Names = Rows(hold, "SELECT directory, name, inode FROM names", row => new StoredName(row.GetInt64(0), row.GetString(1), row.GetInt64(2))),
        Blocks = Rows(hold, "SELECT inode, block, mask FROM blocks", row => new StoredBlock(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), default)),
    });

    public IReadOnlyList<StoredBlock>? ReadBlocks(TreeHold hold, long inode, IReadOnlyList<long> indexes) => AtOneMoment(hold, _ =>
    {
        List<StoredBlock> found = [];
        foreach (var index in indexes.Order())
        {
            block.Parameters[0].Value = hold.Tree;
            block.Parameters[1].Value = inode;
            block.Parameters[2].Value = index;
            using var row = block.ExecuteReader();
            if (row.Read())
            {
                found.Add(new StoredBlock(inode, index, row.GetInt32(0), row.GetFieldValue<byte[]>(1)));
            }
        }

        return found;
    });

    public bool Exists(string tree)
    {
        named.Parameters[0].Value = tree;
        return named.ExecuteScalar() is 1L;
    }

    public IReadOnlyList<string> List(string after, int most)
    {
        names.Parameters[0].Value = after;
        names.Parameters[1].Value = most;
        using var row = names.ExecuteReader();
        List<string> found = [];
        while (row.Read())
        {
            found.Add(row.GetString(0));
        }

        return found;
    }

    public void Dispose()
    {
        header.Dispose();
        block.Dispose();
        named.Dispose();
        names.Dispose();
        connection.Dispose();
    }

    private static StoredInode ReadInode(SqliteDataReader row) => new()
    {
        Number = row.GetInt64(0),
        Kind = row.GetInt32(1),
        Mode = row.GetInt32(2),
        Uid = row.GetInt32(3),
        Gid = row.GetInt32(4),
        Size = row.GetInt64(5),
        Links = row.GetInt32(6),
        Accessed = row.GetInt64(7),
        Modified = row.GetInt64(8),
        Changed = row.GetInt64(9),
        Target = row.IsDBNull(10) ? null : row.GetString(10),
    };

    private T? AtOneMoment<T>(TreeHold hold, Func<(TreeHeader Header, long WrittenBy), T> read)
        where T : class
    {
        connection.Execute("BEGIN");
        try
        {
            return ReadHeader(hold) is { } found ? read(found) : null;
        }
        finally
        {
            connection.RollBack();
        }
    }

    private (TreeHeader Header, long WrittenBy)? ReadHeader(TreeHold hold)
    {
        header.Parameters[0].Value = hold.Tree;
        header.Parameters[1].Value = hold.Epoch;
        using var row = header.ExecuteReader();
        return row.Read() ? (new TreeHeader(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), row.GetInt64(5)) : null;
    }

    private List<T> Rows<T>(TreeHold hold, string select, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"{select} WHERE tree = $tree";
        command.Parameters.AddWithValue("$tree", hold.Tree);
        using var row = command.ExecuteReader();
        List<T> found = [];
        while (row.Read())
        {
            found.Add(read(row));
        }

        return found;
    }
}
