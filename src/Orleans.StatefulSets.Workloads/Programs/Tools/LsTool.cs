using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>ls: what is in directories.</summary>
internal sealed class LsTool() : Tool(
    "1AaCxLHRFplinshrSXvctukTw:d color=K full-time=E group-directories-first=G", "[-1AaCxLHRFplinshrSXvctu] [-w WIDTH] [FILE]...", "ls")
{
    private const int FallbackWidth = 80;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var accounts = call.Has('l') ? await Accounts.ReadAsync(call) : null;
        var format = new LsFormat(call, accounts);
        var files = new List<DirectoryEntry>();
        var folders = new List<DirectoryEntry>();
        foreach (var path in call.Operands.Count == 0 ? ["."] : call.Operands)
        {
            await call.TryAsync(
                async () =>
                {
                    var node = await StatAsync(call, path);
                    (node.IsDirectory && !call.Has('d') ? folders : files).Add(new DirectoryEntry(path, node));
                },
                error => $"{path}: {error}");
        }

        await ShowAsync(call, format, Sorted(call, files), "");
        var headed = call.Operands.Count > 1 || call.Has('R');
        var first = files.Count == 0;
        foreach (var folder in Sorted(call, folders))
        {
            first = await ListAsync(call, format, folder.Name, headed, first);
        }
    }

    private static async ValueTask<FileNode> StatAsync(ToolCall call, string path)
    {
        var node = await call.Files.StatAsync(call.By, path, follow: false);
        var follows = call.Has('L') || call.Has('H') || !call.Options.HasAny("ldF");
        return node.Kind == FileKind.SymbolicLink && follows && await call.FindAsync(path) is { } target ? target : node;
    }

    /// <returns>Whether nothing was shown yet.</returns>
    private static async ValueTask<bool> ListAsync(ToolCall call, LsFormat format, string path, bool headed, bool first)
    {
        var entries = new List<DirectoryEntry>();
        if (!await call.TryAsync(async () => entries.AddRange(await EntriesAsync(call, path)), error => $"can't open '{path}': {error}"))
        {
            return first;
        }

        if (headed)
        {
            await call.WriteAsync($"{(first ? "" : "\n")}{path}:\n");
        }

        if (call.Options.HasAny("ls"))
        {
            await call.WriteLineAsync($"total {format.Total(entries)}");
        }

        var sorted = Sorted(call, entries);
        await ShowAsync(call, format, sorted, path);
        if (call.Has('R'))
        {
            foreach (var below in sorted.Where(entry => entry.Node.IsDirectory && entry.Name is not ("." or "..")))
            {
                await call.Process.StepAsync();
                await ListAsync(call, format, ToolCall.Join(path, below.Name), headed: true, first: false);
            }
        }

        return false;
    }

    private static async ValueTask<List<DirectoryEntry>> EntriesAsync(ToolCall call, string path)
    {
        var listed = await call.Files.ListAsync(call.By, path);
        await call.Process.StepAsync(1 + (listed.Count / 16));
        var entries = listed.Where(entry => call.Options.HasAny("aA") || !entry.Name.StartsWith('.')).ToList();
        if (call.Has('L'))
        {
            for (var index = 0; index < entries.Count; index++)
            {
                entries[index] = entries[index] with { Node = await call.FindAsync(ToolCall.Join(path, entries[index].Name)) ?? entries[index].Node };
            }
        }

        if (call.Has('a'))
        {
            entries.Add(new DirectoryEntry(".", await call.Files.StatAsync(call.By, path)));
            entries.Add(new DirectoryEntry("..", await call.Files.StatAsync(call.By, ToolCall.Join(path, ".."))));
        }

        return entries;
    }

    private static List<DirectoryEntry> Sorted(ToolCall call, List<DirectoryEntry> entries)
    {
        var byName = entries.OrderBy(entry => entry.Name, StringComparer.Ordinal);
        var sorted = (call.Options.LastOf("tSX"), call.Options.LastOf("cu")) switch
        {
            ('t', 'c') => byName.OrderByDescending(entry => entry.Node.Changed),
            ('t', 'u') => byName.OrderByDescending(entry => entry.Node.Accessed),
            ('t', _) => byName.OrderByDescending(entry => entry.Node.Modified),
            ('S', _) => byName.OrderByDescending(entry => entry.Node.Size),
            ('X', _) => byName.OrderBy(entry => Extension(entry.Name), StringComparer.Ordinal),
            _ => byName,
        };
        var list = sorted.ToList();
        if (call.Has('r'))
        {
            list.Reverse();
        }

        return call.Has('G') ? [.. list.OrderBy(entry => entry.Node.IsDirectory ? 0 : 1)] : list;
    }

    private static string Extension(string name) => name.LastIndexOf('.') is var dot and >= 0 ? name[dot..] : "";

    private static async ValueTask ShowAsync(ToolCall call, LsFormat format, List<DirectoryEntry> entries, string path)
    {
        if (!call.Options.HasAny("l1n") && (call.Options.HasAny("Cx") || call.IsTerminal))
        {
            await ShowColumnsAsync(call, [.. entries.Select(format.Short)]);
            return;
        }

        foreach (var entry in entries)
        {
            await call.WriteLineAsync(call.Options.HasAny("ln") ? await format.LongAsync(entry, path) : format.Short(entry));
        }
    }

    private static async ValueTask ShowColumnsAsync(ToolCall call, List<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        var width = call.Value('w') is { } given ? (int)ToolCall.Number(given) : FallbackWidth;
        var column = names.Max(name => name.Length) + 2;
        var columns = Math.Max(1, width / column);
        var rows = (names.Count + columns - 1) / columns;
        for (var row = 0; row < rows; row++)
        {
            var line = "";
            for (var at = 0; at < columns; at++)
            {
                var index = call.Has('x') ? (row * columns) + at : (at * rows) + row;
                if (index < names.Count && (call.Has('x') || at * rows < names.Count))
                {
                    line = line.PadRight(at * column) + names[index];
                }
            }

            await call.WriteLineAsync(line);
        }
    }
}
