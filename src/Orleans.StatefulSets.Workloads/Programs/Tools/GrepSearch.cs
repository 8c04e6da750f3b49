using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>grep's search through one file after another.</summary>
internal sealed class GrepSearch(ToolCall call, IReadOnlyList<Regex> patterns)
{
    private readonly int before = Context(call, 'B');
    private readonly int after = Context(call, 'A');
    private readonly long most = call.Value('m') is { } text ? ToolCall.Number(text) : long.MaxValue;
    private readonly char terminator = call.Has('z') ? '\0' : '\n';
    private bool separated = true;

    public bool ShowNames { get; set; }

    public bool Found { get; private set; }

    public bool Failed { get; set; }

    /// <summary>Whether nothing more needs to be read.</summary>
    public bool IsDone => Found && call.Has('q');

    public async ValueTask RunAsync(string path, ByteReader reader)
    {
        long number = 0, count = 0, shown = 0;
        var trailing = 0;
        var held = new Queue<(long Number, string Line)>();
        while (count < most && await reader.ReadLineAsync(terminator) is { } raw)
        {
            number++;
            var line = raw.EndsWith(terminator) ? raw[..^1] : raw;
            if (Matches(line) == call.Has('v'))
            {
                if (trailing > 0)
                {
                    trailing--;
                    await WriteAsync(path, '-', number, line);
                    shown = number;
                }
                else if (before > 0)
                {
                    held.Enqueue((number, line));
                    _ = held.Count > before ? held.Dequeue() : default;
                }

                continue;
            }

            Found = true;
            count++;
            if (call.Options.HasAny("qlL"))
            {
                break;
            }

            if (!call.Has('c'))
            {
                await SeparateAsync(held.Count > 0 ? held.Peek().Number : number, shown);
                while (held.TryDequeue(out var context))
                {
                    await WriteAsync(path, '-', context.Number, context.Line);
                }

                await ShowAsync(path, number, line);
                shown = number;
                trailing = after;
            }
        }

        while (count >= most && trailing-- > 0 && await reader.ReadLineAsync(terminator) is { } more)
        {
            await WriteAsync(path, '-', ++number, more.TrimEnd(terminator));
        }

        await SummarizeAsync(path, count);
    }

    private static int Context(ToolCall call, char letter) =>
        (int)Math.Clamp(ToolCall.Number(call.Options.All.LastOrDefault(option => option.Letter == letter || option.Letter == 'C').Value ?? "0"), 0, 1000);

    private async ValueTask SummarizeAsync(string path, long count)
    {
        if (call.Has('q'))
        {
            return;
        }

        if (call.Has('c') && !call.Options.HasAny("lL"))
        {
            await call.WriteLineAsync($"{(ShowNames ? path + ":" : "")}{count}");
        }

        if (call.Options.HasAny("lL") && call.Has('L') == (count == 0))
        {
            await call.WriteLineAsync(path);
        }
    }

    private async ValueTask SeparateAsync(long from, long shown)
    {
        if (before + after > 0 && !separated && from > shown + 1)
        {
            await call.WriteAsync("--\n");
        }

        separated = false;
    }

    private async ValueTask ShowAsync(string path, long number, string line)
    {
        if (!call.Has('o'))
        {
            await WriteAsync(path, ':', number, line);
            return;
        }

        for (var at = 0; at <= line.Length && !call.Has('v') && Next(line, at) is { } match; at = Math.Max(at + 1, match.Index + match.Length))
        {
            if (match.Length > 0)
            {
                await WriteAsync(path, ':', number, match.Value);
            }
        }
    }

    private ValueTask WriteAsync(string path, char mark, long number, string line) =>
        call.WriteAsync($"{(ShowNames ? $"{path}{mark}" : "")}{(call.Has('n') ? $"{number}{mark}" : "")}{line}{terminator}");

    private bool Matches(string line) => Next(line, 0) is not null;

    /// <summary>The leftmost match from an offset on that is a word or a line where one is asked for; of several patterns the longest.</summary>
    private Match? Next(string line, int from)
    {
        Match? best = null;
        foreach (var pattern in patterns)
        {
            var match = pattern.Match(line, from);
            while (match.Success && !IsWhole(line, match))
            {
                match = match.Index < line.Length ? pattern.Match(line, match.Index + 1) : Match.Empty;
            }

            if (match.Success && (best is null || match.Index < best.Index || (match.Index == best.Index && match.Length > best.Length)))
            {
                best = match;
            }
        }

        return best;
    }

    private bool IsWhole(string line, Match match)
    {
        if (call.Has('x'))
        {
            return match.Index == 0 && match.Length == line.Length;
        }

        return !call.Has('w') || (!IsWord(line, match.Index - 1) && !IsWord(line, match.Index + match.Length));
    }

    private static bool IsWord(string line, int at) => at >= 0 && at < line.Length && (char.IsAsciiLetterOrDigit(line[at]) || line[at] == '_');
}
