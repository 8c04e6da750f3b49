using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>tr: other bytes for bytes.</summary>
internal sealed class TrTool() : Tool("+Ccdst complement=c delete=d squeeze-repeats=s truncate-set1=t", "[-cds] STRING1 [STRING2]", "tr")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var (delete, squeeze) = (call.Has('d'), call.Has('s'));
        var operands = call.Operands;
        if (operands.Count is 0 or > 2 || (operands.Count == 2 && delete && !squeeze))
        {
            throw new UsageException();
        }

        var first = Expand(operands[0]);
        if (call.Options.HasAny("cC"))
        {
            first = string.Concat(Enumerable.Range(0, 256).Select(code => (char)code).Where(letter => !first.Contains(letter, StringComparison.Ordinal)));
        }

        var second = operands.Count == 2 ? Expand(operands[1]) : "";
        var map = Map(first, delete ? "" : second);
        var squeezed = squeeze ? second.Length > 0 ? second : first : "";
        await RunAsync(call, map, delete ? first : "", squeezed);
    }

    private static byte[] Map(string first, string second)
    {
        var map = Enumerable.Range(0, 256).Select(code => (byte)code).ToArray();
        for (var at = 0; at < first.Length && second.Length > 0; at++)
        {
            map[first[at]] = (byte)second[Math.Min(at, second.Length - 1)];
        }

        return map;
    }

    private static async ValueTask RunAsync(ToolCall call, byte[] map, string deleted, string squeezed)
    {
        var drop = new bool[256];
        var once = new bool[256];
        foreach (var letter in deleted)
        {
            drop[letter] = true;
        }

        foreach (var letter in squeezed)
        {
            once[letter] = true;
        }

        var last = -1;
        while (await call.Input.ReadBlockAsync() is { IsEmpty: false } block)
        {
            var output = new MemoryStream(block.Length);
            foreach (var value in block.Span)
            {
                var mapped = map[value];
                if (!drop[value] && !(mapped == last && once[mapped]))
                {
                    output.WriteByte(mapped);
                    last = mapped;
                }
            }

            await call.WriteAsync(output.ToArray());
        }
    }

    /// <summary>A set's letters: ranges, classes, equivalents and escapes. A range backwards is empty.</summary>
    private static string Expand(string text)
    {
        var set = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == '[' && Bracket(text, at) is { } bracket)
            {
                set.Append(bracket.Letters);
                at = bracket.Next;
                continue;
            }

            var (from, next) = Letter(text, at);
            if (next + 1 < text.Length && text[next] == '-')
            {
                var (to, end) = Letter(text, next + 1);
                for (var letter = (int)from; letter <= to; letter++)
                {
                    set.Append((char)letter);
                }

                at = end;
                continue;
            }

            set.Append(from);
            at = next;
        }

        return set.ToString();
    }

    private static (string Letters, int Next)? Bracket(string text, int at)
    {
        if (at + 1 < text.Length && text[at + 1] is ':' or '=')
        {
            var close = text.IndexOf($"{text[at + 1]}]", at + 2, StringComparison.Ordinal);
            var name = close < 0 ? "" : text[(at + 2)..close];
            var letters = text[at + 1] == '=' ? name : CharacterClass.Letters(name);
            return close < 0 || letters is null ? null : (letters, close + 2);
        }

        return null;
    }

    private static (char Letter, int Next) Letter(string text, int at)
    {
        if (text[at] != '\\' || at + 1 == text.Length)
        {
            return (text[at], at + 1);
        }

        return Escapes.Read(text, at);
    }
}
