using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>cut: parts of lines.</summary>
internal sealed class CutTool() : Tool("b:c:f:d:snO: bytes=b characters=c fields=f delimiter=d only-delimited=s output-delimiter=O", "[OPTIONS] [FILE]...", "cut")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var kinds = call.Options.All.Where(option => option.Letter is 'b' or 'c' or 'f').ToList();
        if (kinds.Count != 1)
        {
            throw kinds.Count == 0 ? new UsageException("expected a list of bytes, characters, or fields", withUsage: false) : new UsageException();
        }

        var fields = kinds[0].Letter == 'f';
        if (!fields && call.Options.HasAny("sd"))
        {
            throw new UsageException(
                call.Has('s') ? "suppressing non-delimited lines makes sense only when operating on fields" : "a delimiter may be specified only when operating on fields", withUsage: false);
        }

        var delimiter = call.Value('d') ?? "\t";
        var list = Parse(kinds[0].Value);
        var between = call.Value('O') ?? (fields ? delimiter : "");
        await call.ForEachInputAsync(async (_, reader) =>
        {
            while (await reader.ReadLineAsync() is { } raw)
            {
                var line = ToolCall.Chomp(raw);
                var cut = fields ? Fields(line, list, delimiter.Length == 0 ? '\0' : delimiter[0], between, call.Has('s')) : string.Concat(Pick(line.Length, list).Select(at => line[at]));
                if (cut is not null)
                {
                    await call.WriteLineAsync(cut);
                }
            }
        });
    }

    private static string? Fields(string line, List<(int From, int To)> list, char delimiter, string between, bool onlyDelimited)
    {
        var parts = line.Split(delimiter);
        if (parts.Length == 1)
        {
            return onlyDelimited ? null : line;
        }

        return string.Join(between, Pick(parts.Length, list).Select(at => parts[at]));
    }

    private static IEnumerable<int> Pick(int count, List<(int From, int To)> list)
    {
        var done = 0;
        foreach (var (from, to) in list)
        {
            for (var at = Math.Max(from, done); at <= Math.Min(to, count - 1); at++)
            {
                yield return at;
                done = at + 1;
            }
        }
    }

    /// <summary>Positions from 0, ascending.</summary>
    private static List<(int From, int To)> Parse(string text)
    {
        var list = new List<(int From, int To)>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var from = dash == 0 ? 1 : Position(dash < 0 ? part : part[..dash]);
            var to = dash < 0 ? from : dash == part.Length - 1 ? int.MaxValue : Position(part[(dash + 1)..]);
            if (from > to || part == "-")
            {
                throw new UsageException($"invalid range {part}", withUsage: false);
            }

            list.Add((from - 1, to - 1));
        }

        return list.Count == 0 ? throw new UsageException("missing list of positions", withUsage: false) : [.. list.OrderBy(range => range.From)];
    }

    private static int Position(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new UsageException($"invalid number '{text}'", withUsage: false);
}
