using System.Globalization;
using Npgsql;

namespace Orleans.StatefulSets.Storage;

/// <summary>
/// The tables of a database and their history: the scripts of <c>infra/postgres</c>, each named by its version and recording itself in
/// <c>statefulsets_schema</c>. Any number of processes may apply them at once.
/// </summary>
internal static class PostgresSchema
{
    // One number for all who apply the scripts; it means nothing but "OSSj".
    private const long ApplyLock = 0x4F53536A;

    private static readonly IReadOnlyList<(int Version, string Text)> Scripts = [.. Load().OrderBy(script => script.Version)];

    /// <summary>The version that this program writes.</summary>
    public static int Version => Scripts[^1].Version;

    /// <summary>Applies what is missing, in one transaction. A database that has it all is only read.</summary>
    /// <exception cref="JournalStorageException">The schema is a newer one; it was left as it is.</exception>
    public static async Task ApplyAsync(NpgsqlConnection connection, string where, CancellationToken cancellation)
    {
        if (await ReadVersionAsync(connection, where, cancellation) == Version)
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({ApplyLock})", cancellation);
        var version = await ReadVersionAsync(connection, where, cancellation);
        foreach (var script in Scripts.Where(script => script.Version > version))
        {
            await ExecuteAsync(connection, script.Text, cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, string where, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass('statefulsets_schema') IS NOT NULL", connection);
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
        {
            return 0;
        }

        await using var read = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM statefulsets_schema", connection);
        var version = (int)(await read.ExecuteScalarAsync(cancellation))!;
        return version <= Version ? version : throw new JournalStorageException(
            JournalStorageProblem.NewerSchema,
            string.Create(CultureInfo.InvariantCulture, $"{where} was written by a newer version of this program (its schema is {version}, this one knows {Version}); it was left as it is"));
    }

    // A parameterless command of several statements; whatever stands in a script is none of Npgsql's business.
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static IEnumerable<(int Version, string Text)> Load()
    {
        const string folder = "postgres/";
        var assembly = typeof(PostgresSchema).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (int.Parse(name[folder.Length..].Split('-')[0], CultureInfo.InvariantCulture), reader.ReadToEnd());
        }
    }
}
