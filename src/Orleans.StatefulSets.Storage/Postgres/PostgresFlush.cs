using Npgsql;
using NpgsqlTypes;

namespace Orleans.StatefulSets.Storage;

/// <summary>
/// Writes a flush with its tree's row, or nothing where the tree has another holder: one statement, and so one round trip and one
/// transaction. Two who come at once wait for each other at the tree's row.
/// </summary>
internal static class PostgresFlush
{
    // A part of a statement doesn't see what another part does; none touches a row that another one does.
    private const string Write = """
        WITH held AS (
            UPDATE file_trees SET written_by = epoch, sequence = $3, next = $4, capacity = $5, bytes = $6, attach_epoch = $7
            WHERE tree = $1 AND epoch = $2 RETURNING tree),
        gone_attachments AS (DELETE FROM file_attachments a USING held WHERE a.tree = held.tree AND a.holder = ANY ($8::text[])),
        attachments AS (
            INSERT INTO file_attachments SELECT held.tree, new.* FROM held, unnest($9::text[], $10::bigint[], $11::boolean[], $12::text[]) AS new
            ON CONFLICT (tree, holder) DO UPDATE SET epoch = excluded.epoch, exclusive = excluded.exclusive, origin = excluded.origin),
        gone_inodes AS (DELETE FROM file_inodes i USING held WHERE i.tree = held.tree AND i.inode = ANY ($13::bigint[])),
        inodes AS (
            INSERT INTO file_inodes SELECT held.tree, new.* FROM held, unnest(
                $14::bigint[], $15::integer[], $16::integer[], $17::integer[], $18::integer[], $19::bigint[], $20::integer[],
                $21::bigint[], $22::bigint[], $23::bigint[], $24::text[]) AS new
            ON CONFLICT (tree, inode) DO UPDATE SET kind = excluded.kind, mode = excluded.mode, uid = excluded.uid, gid = excluded.gid,
                size = excluded.size, links = excluded.links, accessed = excluded.accessed, modified = excluded.modified,
                changed = excluded.changed, target = excluded.target),
        gone_names AS (
            DELETE FROM file_names n USING held, unnest($25::bigint[], $26::text[]) AS gone (directory, name)
            WHERE n.tree = held.tree AND n.directory = gone.directory AND n.name = gone.name),
        names AS (
            INSERT INTO file_names SELECT held.tree, new.* FROM held, unnest($27::bigint[], $28::text[], $29::bigint[]) AS new
            ON CONFLICT (tree, directory, name) DO UPDATE SET inode = excluded.inode),
        gone_blocks AS (
            DELETE FROM file_blocks b USING held
            WHERE b.tree = held.tree AND (b.inode = ANY ($13::bigint[]) OR (b.inode, b.block) IN (SELECT * FROM unnest($30::bigint[], $31::bigint[])))),
        blocks AS (
            INSERT INTO file_blocks SELECT held.tree, new.* FROM held, unnest($32::bigint[], $33::bigint[], $34::integer[], $35::bytea[]) AS new
            ON CONFLICT (tree, inode, block) DO UPDATE SET mask = excluded.mask, bytes = excluded.bytes)
        SELECT EXISTS (SELECT 1 FROM held)
        """;

    public static async Task<FlushOutcome> WriteAsync(NpgsqlConnection connection, TreeHold hold, TreeFlush flush)
    {
        await using var command = new NpgsqlCommand(Write, connection);
        foreach (var number in (long[])[hold.Tree, hold.Epoch, flush.Header.Sequence, flush.Header.Next, flush.Header.Capacity, flush.Header.Bytes, flush.Header.AttachEpoch])
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        }

        Add(command, flush.GoneHolders, holder => holder);
        Add(command, flush.Attachments, attachment => attachment.Holder);
        Add(command, flush.Attachments, attachment => attachment.Epoch);
        Add(command, flush.Attachments, attachment => attachment.Exclusive);
        Add(command, flush.Attachments, attachment => attachment.Origin);
        Add(command, flush.GoneInodes, inode => inode);
        AddInodes(command, flush.Inodes);
        Add(command, flush.GoneNames, name => name.Directory);
        Add(command, flush.GoneNames, name => name.Name);
        Add(command, flush.Names, name => name.Directory);
        Add(command, flush.Names, name => name.Name);
        Add(command, flush.Names, name => name.Inode);
        Add(command, flush.GoneBlocks, block => block.Inode);
        Add(command, flush.GoneBlocks, block => block.Index);
        Add(command, flush.Blocks, block => block.Inode);
        Add(command, flush.Blocks, block => block.Index);
        Add(command, flush.Blocks, block => block.Mask);
        Add(command, flush.Blocks, block => block.Bytes, NpgsqlDbType.Array | NpgsqlDbType.Bytea);
        return (bool)(await command.ExecuteScalarAsync())! ? FlushOutcome.Written : FlushOutcome.Fenced;
    }

    private static void AddInodes(NpgsqlCommand command, IReadOnlyList<StoredInode> inodes)
    {
        Add(command, inodes, inode => inode.Number);
        Add(command, inodes, inode => inode.Kind);
        Add(command, inodes, inode => inode.Mode);
        Add(command, inodes, inode => inode.Uid);
        Add(command, inodes, inode => inode.Gid);
        Add(command, inodes, inode => inode.Size);
        Add(command, inodes, inode => inode.Links);
        Add(command, inodes, inode => inode.Accessed);
        Add(command, inodes, inode => inode.Modified);
        Add(command, inodes, inode => inode.Changed);
        Add(command, inodes, inode => inode.Target);
    }

    private static void Add<TRow, T>(NpgsqlCommand command, IReadOnlyList<TRow> rows, Func<TRow, T> value, NpgsqlDbType? type = null)
    {
        var column = new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)] };
        if (type is { } known)
        {
            column.NpgsqlDbType = known;
        }

        command.Parameters.Add(column);
    }
}
