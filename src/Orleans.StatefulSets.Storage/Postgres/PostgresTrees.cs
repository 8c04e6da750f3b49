using Npgsql;

namespace Orleans.StatefulSets.Storage;

/// <summary>Takes trees over and reads them.</summary>
internal static class PostgresTrees
{
    private const string Acquire = "UPDATE file_trees SET epoch = epoch + 1 WHERE name = $1 RETURNING tree, epoch";

    private const string Create =
        "INSERT INTO file_trees (name, epoch) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET epoch = file_trees.epoch + 1 RETURNING tree, epoch";

    private const string Header =
        "SELECT sequence, next, capacity, bytes, attach_epoch, written_by FROM file_trees WHERE tree = $1 AND epoch = $2";

    // One statement sees one moment. A row says whether the holder is fenced, also where there is no block.
    private const string Blocks = """
        SELECT b.block, b.mask, b.bytes FROM file_trees t LEFT JOIN file_blocks b ON b.tree = t.tree AND b.inode = $3 AND b.block = ANY ($4)
        WHERE t.tree = $1 AND t.epoch = $2 ORDER BY b.block
        """;

    private const string Names = "SELECT name FROM file_trees WHERE name > $1 ORDER BY name LIMIT $2";

    public static async Task<TreeHold?> AcquireAsync(NpgsqlConnection connection, string tree, bool create, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(create ? Create : Acquire, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = tree } } };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? new TreeHold(row.GetInt64(0), row.GetInt64(1)) : null;
    }

    public static async Task<StoredTree?> LoadAsync(NpgsqlConnection connection, TreeHold hold, CancellationToken cancellation)
    {
        // Several statements that see one moment.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        var headers = await RowsAsync(
            connection,
            Header,
            row => (Header: new TreeHeader(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), WrittenBy: row.GetInt64(5)),
            cancellation,
            hold.Tree,
            hold.Epoch);
        return headers.Count == 0 ? null : new StoredTree
        {
            Header = headers[0].Header,
            WrittenBy = headers[0].WrittenBy,
            Attachments = await RowsAsync(
                connection,
                "SELECT holder, epoch, exclusive, origin FROM file_attachments WHERE tree = $1",
                row => new StoredAttachment(row.GetString(0), row.GetInt64(1), row.GetBoolean(2), row.GetString(3)),
                cancellation,
                hold.Tree),
            Inodes = await RowsAsync(
                connection,
                "SELECT inode, kind, mode, uid, gid, size, links, accessed, modified, changed, target FROM file_inodes WHERE tree = $1",
                ReadInode,
                cancellation,
                hold.Tree),
            Names = await RowsAsync(
                connection,
                "SELECT directory, name, inode FROM file_names WHERE tree = $1",
                row => new StoredName(row.GetInt64(0), row.GetString(1), row.GetInt64(2)),
                cancellation,
                hold.Tree),
            Blocks = await RowsAsync(
                connection,
                "SELECT inode, block, mask FROM file_blocks WHERE tree = $1",
                row => new StoredBlock(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), default),
                cancellation,
                hold.Tree),
        };
    }

    public static async Task<IReadOnlyList<StoredBlock>?> ReadBlocksAsync(
        NpgsqlConnection connection, TreeHold hold, long inode, IReadOnlyList<long> indexes, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Blocks, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = hold.Tree },
                new NpgsqlParameter<long> { TypedValue = hold.Epoch },
                new NpgsqlParameter<long> { TypedValue = inode },
                new NpgsqlParameter<long[]> { TypedValue = [.. indexes] },
            },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        List<StoredBlock>? found = null;
        while (await row.ReadAsync(cancellation))
        {
            found ??= [];
            if (!await row.IsDBNullAsync(0, cancellation))
            {
                found.Add(new StoredBlock(inode, row.GetInt64(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2)));
            }
        }

        return found;
    }

    public static async Task<bool> ExistsAsync(NpgsqlConnection connection, string tree, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM file_trees WHERE name = $1)", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = tree } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public static async Task<IReadOnlyList<string>> ListAsync(NpgsqlConnection connection, string after, int most, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Names, connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = after }, new NpgsqlParameter<int> { TypedValue = most } },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        List<string> found = [];
        while (await row.ReadAsync(cancellation))
        {
            found.Add(row.GetString(0));
        }

        return found;
    }

    private static StoredInode ReadInode(NpgsqlDataReader row) => new()
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

    private static async Task<List<T>> RowsAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params long[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = parameter });
        }

        await using var row = await command.ExecuteReaderAsync(cancellation);
        List<T> found = [];
        while (await row.ReadAsync(cancellation))
        {
            found.Add(read(row));
        }

        return found;
    }
}
