using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>ps: the container's processes.</summary>
internal sealed class PsTool() : Tool("o:Twaefxu", "[-o COL1,COL2=HEADER] [-T]", "ps")
{
    private static readonly Dictionary<string, (string Title, int Width)> Columns = new(StringComparer.Ordinal)
    {
        ["pid"] = ("PID", 5),
        ["ppid"] = ("PPID", 5),
        ["pgid"] = ("PGID", 5),
        ["user"] = ("USER", -8),
        ["group"] = ("GROUP", -8),
        ["comm"] = ("COMMAND", -16),
        ["args"] = ("COMMAND", 0),
        ["time"] = ("TIME", 6),
        ["stat"] = ("STAT", -4),
        ["vsz"] = ("VSZ", 5),
        ["rss"] = ("RSS", 4),
        ["tty"] = ("TT", -6),
    };

    /// <summary>Letters without a dash (<c>ps aux</c>) are taken as they are.</summary>
    protected override List<string> Prepare(List<string> arguments) =>
        [.. arguments.Where(argument => argument.StartsWith('-') || argument.Any(letter => !"auxefwl".Contains(letter, StringComparison.Ordinal)))];

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var accounts = await Accounts.ReadAsync(call);
        if (call.Options.Values('o').ToList() is { Count: > 0 } asked)
        {
            var names = asked.SelectMany(text => text.Split(',')).Select(name => name.Split('=')).ToList();
            var unknown = names.Find(name => !Columns.ContainsKey(name[0]));
            if (unknown is not null)
            {
                throw new UsageException($"bad -o argument '{unknown[0]}', supported arguments: {string.Join(',', Columns.Keys)}", withUsage: false);
            }

            await call.WriteLineAsync(Row(names.Select(name => (name.Length > 1 ? name[1] : Columns[name[0]].Title, Columns[name[0]].Width))));
            foreach (var process in call.Process.Table.Running.ToList())
            {
                await call.WriteLineAsync(Row(names.Select(name => (Cell(name[0], process, accounts), Columns[name[0]].Width))));
            }

            return;
        }

        await call.WriteLineAsync("PID   USER     TIME  COMMAND");
        foreach (var process in call.Process.Table.Running.ToList())
        {
            await call.WriteLineAsync($"{process.Id,5} {Cell("user", process, accounts),-8}  0:00 {string.Join(' ', process.Arguments)}");
        }
    }

    private static string Row(IEnumerable<(string Text, int Width)> cells) =>
        string.Join(' ', cells.Select(cell => cell.Width > 0 ? cell.Text.PadLeft(cell.Width) : cell.Text.PadRight(-cell.Width))).TrimEnd();

    private static string Cell(string name, Process process, Accounts accounts) => name switch
    {
        "pid" => $"{process.Id}",
        "ppid" => $"{process.ParentId}",
        "pgid" => $"{process.Group}",
        "user" => accounts.UserName(process.Credentials.Uid) ?? $"{process.Credentials.Uid}",
        "group" => accounts.GroupName(process.Credentials.Gid) ?? $"{process.Credentials.Gid}",
        "comm" => NameOf(process),
        "args" => string.Join(' ', process.Arguments),
        "time" => "0:00",
        "stat" => "S",
        "tty" => "?",
        _ => "4",
    };

    /// <summary>A program's name, as killall and pidof know it; one that says what it does (<c>nginx: worker process</c>) has a colon behind it.</summary>
    internal static string NameOf(Process process) => process.Arguments.Count == 0 ? "" : ToolCall.LastSegment(process.Arguments[0]).TrimEnd(':');
}
