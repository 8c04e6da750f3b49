using System.Text;
using System.Text.RegularExpressions;
using Orleans.StatefulSets.Grains.Chance;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Server.Composition;
using Orleans.StatefulSets.Server.Transfer;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Server.Tests.Transfer;

/// <summary>Streams in and out of journals in memory.</summary>
internal static partial class Cluster
{
    private static readonly DateTime Now = new(2026, 11, 23, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>A tutorial's cluster as a real server wrote it, and objects whose texts are awkward.</summary>
    public static string Golden { get; } = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Transfer", "cluster.yaml"));

    public static JournalStores Empty() => new(_ => new MemoryJournalStore());

    public static Task<IReadOnlyList<ImportedObject>> ReadAsync(string yaml, bool keepUids = true) =>
        new ImportReader(new SeededIdentitySource(7), Now, keepUids).ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(yaml)), CancellationToken.None);

    public static async Task ImportAsync(JournalStores stores, string yaml, bool keepUids)
    {
        var identities = new SeededIdentitySource(8);
        var read = await ReadAsync(yaml, keepUids);
        await ImportCommand.WriteAsync(keepUids ? read : ImportCommand.Rename(read, identities), stores, identities, "memory", CancellationToken.None);
    }

    public static async Task<string> ExportAsync(JournalStores stores)
    {
        var objects = new List<StoredObject>();
        foreach (var journal in (string[])[Journals.Events, Journals.Objects])
        {
            await foreach (var record in stores.For(journal).ReadLiveAsync(keysOnly: false, CancellationToken.None))
            {
                objects.Add(new StoredObject(ObjectKey.Parse(record.Key), record.Uid, record.Revision, record.Payload));
            }
        }

        using var output = new MemoryStream();
        await ExportCommand.WriteAsync(objects, output, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    public static string WithoutVersions(string yaml) => ResourceVersion().Replace(yaml, "");

    /// <summary>The uids in the order of their first mention become u1, u2 …</summary>
    public static string WithNumberedUids(string yaml, out int count)
    {
        var numbers = new Dictionary<string, string>(StringComparer.Ordinal);
        var numbered = Uid().Replace(yaml, match => numbers.TryGetValue(match.Groups[1].Value, out var known) ? known : numbers[match.Groups[1].Value] = $"u{numbers.Count + 1}");
        count = numbers.Count;
        return numbered;
    }

    [GeneratedRegex(@"^ +resourceVersion: .*\n", RegexOptions.Multiline)]
    private static partial Regex ResourceVersion();

    // Not those in names: a volume keeps the name that it got after the claim it was made for.
    [GeneratedRegex("""(?<![0-9a-f-])"?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"?""")]
    private static partial Regex Uid();
}
