using System.Globalization;
using System.Text;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>stat: a file's attributes.</summary>
internal sealed class StatTool() : Tool("ltfLc: format=c dereference=L", "[-ltf] [-c FMT] FILE...", "stat")
{
    private const string Terse = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %o";

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        var accounts = await Accounts.ReadAsync(call);
        foreach (var path in call.Operands)
        {
            await call.TryAsync(
                async () =>
                {
                    var located = await call.Files.LocateAsync(call.By, path, call.Has('L'));
                    var shown = new Shown(path, located.Node, located.Mount, accounts);
                    await call.WriteAsync(call.Has('f') ? await FileSystemAsync(call, shown) : call.Value('c') is { } format ? Format(format, shown) + "\n" : Standard(call, shown));
                },
                error => $"can't {(call.Has('f') ? "read file system information for" : "stat")} '{path}': {error}");
        }
    }

    private sealed record Shown(string Path, FileNode Node, Mount Mount, Accounts Accounts);

    private static string Standard(ToolCall call, Shown shown)
    {
        if (call.Has('t'))
        {
            return Format(Terse, shown) + "\n";
        }

        var node = shown.Node;
        var name = node.Kind == FileKind.SymbolicLink ? $"'{shown.Path}' -> '{node.Target}'" : shown.Path;
        return $"  File: {name}\n" + Format(
            "  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: %Dh/%dd\tInode: %-10i  Links: %h\n"
            + "Access: (%04a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n",
            shown);
    }

    private static async ValueTask<string> FileSystemAsync(ToolCall call, Shown shown)
    {
        var usage = await shown.Mount.Tree.UsageAsync();
        var (all, free) = (usage.Capacity / 4096, Math.Max(0, usage.Capacity - usage.Used) / 4096);
        var format = call.Value('c');
        if (format is null)
        {
            return $"  File: \"{shown.Path}\"\n    ID: 0        Namelen: 255     Type: overlayfs\nBlock size: 4096      \n"
                + $"Blocks: Total: {all,-10} Free: {free,-10} Available: {free}\nInodes: Total: {usage.Nodes,-10} Free: {usage.Nodes - usage.UsedNodes}\n";
        }

        return Expand(format, letter => letter switch
        {
            'n' => shown.Path,
            'b' => all.ToString(CultureInfo.InvariantCulture),
            'f' or 'a' => free.ToString(CultureInfo.InvariantCulture),
            'c' => usage.Nodes.ToString(CultureInfo.InvariantCulture),
            'd' => (usage.Nodes - usage.UsedNodes).ToString(CultureInfo.InvariantCulture),
            's' or 'S' => "4096",
            'l' => "255",
            'i' => "0",
            't' => "794c7630",
            'T' => "overlayfs",
            _ => null,
        }) + "\n";
    }

    private static string Format(string format, Shown shown) => Expand(format, letter => Part(letter, shown));

    private static string? Part(char letter, Shown shown)
    {
        var node = shown.Node;
        return letter switch
        {
            'n' => shown.Path,
            'N' => node.Kind == FileKind.SymbolicLink ? $"'{shown.Path}' -> '{node.Target}'" : $"'{shown.Path}'",
            'a' => Convert.ToString(node.Mode, 8),
            'A' => ModeText.Of(node),
            'b' => Text(LsFormat.Blocks(node)),
            'B' => "512",
            'd' => "39",
            'D' => "27",
            'f' => Convert.ToString(Kind(node) | node.Mode, 16),
            'F' => KindText(node),
            'g' => Text(node.Gid),
            'G' => shown.Accounts.GroupName(node.Gid) ?? "UNKNOWN",
            'h' => Text(node.Links),
            'i' => Text(node.Number),
            'm' => shown.Mount.Path,
            'o' => "4096",
            's' => Text(node.Size),
            't' or 'T' => "0",
            'u' => Text(node.Uid),
            'U' => shown.Accounts.UserName(node.Uid) ?? "UNKNOWN",
            'x' => Time(node.Accessed),
            'X' => DateText.Format("%s", node.Accessed),
            'y' => Time(node.Modified),
            'Y' => DateText.Format("%s", node.Modified),
            'z' => Time(node.Changed),
            'Z' => DateText.Format("%s", node.Changed),
            _ => null,
        };
    }

    private static string Expand(string format, Func<char, string?> part)
    {
        var text = new StringBuilder();
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }

            var start = ++at;
            while (at < format.Length && "-0123456789".Contains(format[at], StringComparison.Ordinal))
            {
                at++;
            }

            if (at == format.Length || format[at] == '%')
            {
                text.Append('%');
                continue;
            }

            text.Append(Padded(part(format[at]) ?? "?", format[start..at]));
        }

        return text.ToString();
    }

    private static string Padded(string value, string flags)
    {
        var width = int.TryParse(flags.TrimStart('-', '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? Math.Min(given, 1000) : 0;
        return flags.StartsWith('-') ? value.PadRight(width) : value.PadLeft(width, flags.StartsWith('0') ? '0' : ' ');
    }

    private static string Time(DateTime time) => DateText.Format("%Y-%m-%d %H:%M:%S.%N +0000", time);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Kind(FileNode node) => node.Kind switch
    {
        FileKind.Directory => 0x4000,
        FileKind.SymbolicLink => 0xA000,
        FileKind.CharacterDevice => 0x2000,
        FileKind.NamedPipe => 0x1000,
        _ => 0x8000,
    };

    private static string KindText(FileNode node) => node.Kind switch
    {
        FileKind.Directory => "directory",
        FileKind.SymbolicLink => "symbolic link",
        FileKind.CharacterDevice => "character special file",
        FileKind.NamedPipe => "fifo",
        _ => node.Size == 0 ? "regular empty file" : "regular file",
    };
}
