using Npgsql;

namespace Orleans.StatefulSets.Storage;

/// <summary>Deletes trees: the tree itself at once, its rows in steps that each take less than a statement may.</summary>
internal static class PostgresDoom
{
    // Blocks are large: about 32 MiB of them.
    private static readonly (string Table, int RowsAStep)[] Tables = [("file_blocks", 512), ("file_inodes", 20_000), ("file_names", 20_000), ("file_attachments", 20_000)];

    private const string Doom = """
        WITH gone AS (DELETE FROM file_trees WHERE name = $1 RETURNING tree), noted AS (INSERT INTO file_doomed SELECT tree FROM gone)
        SELECT tree FROM gone
        """;

    /// <returns>The tree's number; null where there is none of that name.</returns>
    public static async Task<long?> DoomAsync(NpgsqlConnection connection, string tree, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Doom, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = tree } } };
        return (long?)await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>What is left of trees that were deleted by a process that ended before it was done.</summary>
    public static async Task<List<long>> ListAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT tree FROM file_doomed", connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        List<long> doomed = [];
        while (await row.ReadAsync(cancellation))
        {
            doomed.Add(row.GetInt64(0));
        }

        return doomed;
    }

    /// <returns>Whether there may be more.</returns>
    public static async Task<bool> PurgeAsync(NpgsqlConnection connection, long tree, CancellationToken cancellation)
    {
        foreach (var (table, rowsAStep) in Tables)
        {
            if (await DeleteAsync(connection, $"DELETE FROM {table} WHERE ctid = ANY (ARRAY (SELECT ctid FROM {table} WHERE tree = $1 LIMIT {rowsAStep}))", tree, cancellation) == rowsAStep)
            {
                return true;
            }
        }

        await DeleteAsync(connection, "DELETE FROM file_doomed WHERE tree = $1", tree, cancellation);
        return false;
    }

    private static async Task<int> DeleteAsync(NpgsqlConnection connection, string sql, long tree, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = tree } } };
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
