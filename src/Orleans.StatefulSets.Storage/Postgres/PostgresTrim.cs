using Npgsql;

namespace Orleans.StatefulSets.Storage;

/// <summary>Forgets what was superseded.</summary>
internal static class PostgresTrim
{
    private const string Compact =
        "UPDATE journal_heads SET compacted = greatest(compacted, least(revision, $2)) WHERE journal = $1 RETURNING compacted";

    private const string Delete = "DELETE FROM journal_revisions WHERE journal = $1 AND revision = ANY($2)";

    /// <summary>Remembers where the log now begins, at most at the head.</summary>
    public static async Task<long> CompactAsync(NpgsqlConnection connection, string journal, long upTo, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Compact, connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = journal }, new NpgsqlParameter<long> { TypedValue = upTo } },
        };
        return await command.ExecuteScalarAsync(cancellation) is long compacted ? compacted : 0;
    }

    public static async Task<int> DeleteAsync(NpgsqlConnection connection, string journal, List<long> revisions, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Delete, connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = journal }, new NpgsqlParameter<long[]> { TypedValue = [.. revisions] } },
        };
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
