using System.Globalization;
using Npgsql;

namespace Orleans.StatefulSets.Storage;

/// <summary>One step of the schema; its text records its version.</summary>
/// <param name="Version">The version that it leads to, from 1.</param>
/// <param name="Name">What it is about, <c>journal</c>.</param>
/// <param name="Text">Statements.</param>
internal sealed record PostgresScript(int Version, string Name, string Text);

/// <summary>
/// The tables of a database and their history: the scripts of <c>infra/postgres</c>, each named by its version and recording itself in
/// <c>statefulsets_schema</c>. Any number of processes may apply them at once.
/// </summary>
internal static class PostgresSchema
{
    // Whoever applies the scripts waits for all who do, and a database that has just started takes its time over tables.
    private const int ApplySeconds = 60;

    // One number for all who apply the scripts; it means nothing but "OSSj".
    private const long ApplyLock = 0x4F53536A;

    /// <summary>The scripts of this program in their order.</summary>
    public static IReadOnlyList<PostgresScript> Scripts { get; } = [.. Load().OrderBy(script => script.Version)];

    /// <summary>The version that this program writes.</summary>
    public static int Version => Scripts[^1].Version;

    /// <summary>Applies what is missing, in one transaction. A database that has it all is only read.</summary>
    /// <exception cref="JournalStorageException">The schema is a newer one; it was left as it is.</exception>
    public static async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<PostgresScript> scripts, string where, CancellationToken cancellation)
    {
        var newest = scripts[^1].Version;
        if (await ReadVersionAsync(connection, newest, where, cancellation) == newest)
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({ApplyLock})", cancellation);
        var version = await ReadVersionAsync(connection, newest, where, cancellation);
        foreach (var script in scripts.Where(script => script.Version > version))
        {
            await ExecuteAsync(connection, script.Text, cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, int newest, string where, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass('statefulsets_schema') IS NOT NULL", connection);
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
        {
            return 0;
        }

        await using var read = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM statefulsets_schema", connection);
        var version = (int)(await read.ExecuteScalarAsync(cancellation))!;
        return version <= newest ? version : throw new JournalStorageException(
            JournalStorageProblem.NewerSchema,
            string.Create(CultureInfo.InvariantCulture, $"{where} was written by a newer version of this program (its schema is {version}, this one knows {newest}); it was left as it is"));
    }

    // A parameterless command of several statements; whatever stands in a script is none of Npgsql's business.
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = ApplySeconds };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static IEnumerable<PostgresScript> Load()
    {
        const string folder = "postgres/";
        var assembly = typeof(PostgresSchema).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var parts = Path.GetFileNameWithoutExtension(name[folder.Length..]).Split('-', 2);
            yield return new PostgresScript(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], reader.ReadToEnd());
        }
    }
}
