using System.Globalization;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>How ls shows one file.</summary>
internal sealed class LsFormat(ToolCall call, Accounts? accounts)
{
    private static readonly TimeSpan Recently = TimeSpan.FromDays(182);

    /// <summary>KiB that entries take.</summary>
    public long Total(IEnumerable<DirectoryEntry> entries) => entries.Sum(entry => Blocks(entry.Node) / 2);

    /// <summary>Blocks of 512 bytes that a file takes, as far as its size tells.</summary>
    public static long Blocks(FileNode node) => node.Kind switch
    {
        FileKind.Directory => 8,
        FileKind.Regular => (node.Size + 4095) / 4096 * 8,
        _ => 0,
    };

    public string Short(DirectoryEntry entry) => Lead(entry.Node) + entry.Name + Indicator(entry.Node);

    public async ValueTask<string> LongAsync(DirectoryEntry entry, string directory)
    {
        var node = entry.Node;
        var size = node.Kind == FileKind.CharacterDevice ? Devices(node) : Size(node.Size);
        var text = $"{Lead(node)}{ModeText.Of(node)} {node.Links,4} {Owner(node),-8} {Group(node),-8} {size,9} {Time(node)} {entry.Name}";
        if (node.Kind != FileKind.SymbolicLink)
        {
            return text + Indicator(node);
        }

        var target = call.Has('F') ? await call.FindAsync(directory.Length == 0 ? entry.Name : ToolCall.Join(directory, entry.Name)) : null;
        return $"{text} -> {node.Target}{(target is null ? "" : Indicator(target))}";
    }

    /// <summary>Bytes as <c>-h</c> shows them: 1023, 1.0K, 10.0K, 1.5M.</summary>
    public static string Human(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (value >= 1024 && unit < 6)
        {
            value /= 1024;
            unit++;
        }

        return unit == 0 ? bytes.ToString(CultureInfo.InvariantCulture) : value.ToString("0.0", CultureInfo.InvariantCulture) + "KMGTPE"[unit - 1];
    }

    private string Lead(FileNode node) =>
        (call.Has('i') ? $"{node.Number,7} " : "") + (call.Has('s') ? $"{Blocks(node) / 2,6} " : "");

    private string Size(long bytes) => call.Has('h') ? Human(bytes) : bytes.ToString(CultureInfo.InvariantCulture);

    private string Owner(FileNode node) => Cut((call.Has('n') ? null : accounts?.UserName(node.Uid)) ?? node.Uid.ToString(CultureInfo.InvariantCulture));

    private string Group(FileNode node) => Cut((call.Has('n') ? null : accounts?.GroupName(node.Gid)) ?? node.Gid.ToString(CultureInfo.InvariantCulture));

    private static string Cut(string name) => name.Length > 8 ? name[..8] : name;

    private static string Devices(FileNode node) => node.Target switch
    {
        "null" => "1,   3",
        "zero" => "1,   5",
        "full" => "1,   7",
        "random" => "1,   8",
        "urandom" => "1,   9",
        "tty" => "5,   0",
        _ => "136,   0",
    };

    private string Time(FileNode node)
    {
        var time = call.Options.LastOf("cu") switch { 'c' => node.Changed, 'u' => node.Accessed, _ => node.Modified };
        if (call.Has('E'))
        {
            return time.ToString("yyyy-MM-dd HH:mm:ss +0000", CultureInfo.InvariantCulture);
        }

        var age = call.Clock.GetUtcNow().UtcDateTime - time;
        var day = $"{time.ToString("MMM", CultureInfo.InvariantCulture)} {time.Day,2} ";
        return day + (age < Recently && age > -TimeSpan.FromMinutes(15) ? time.ToString("HH:mm", CultureInfo.InvariantCulture) : $" {time.Year}");
    }

    private string Indicator(FileNode node)
    {
        if (node.IsDirectory)
        {
            return call.Options.HasAny("Fp") ? "/" : "";
        }

        return !call.Has('F') ? "" : node.Kind switch
        {
            FileKind.SymbolicLink => "@",
            FileKind.NamedPipe => "|",
            FileKind.Regular when (node.Mode & 0x49) != 0 => "*",
            _ => "",
        };
    }
}
