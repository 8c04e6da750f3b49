namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>wc: counts lines, words and bytes.</summary>
internal sealed class WcTool() : Tool("clwLm lines=l words=w bytes=c chars=m max-line-length=L", "[-clwL] [FILE]...", "wc")
{
    private const string Order = "lwmcL";

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var asked = call.Options.All.Count == 0 ? "lwc" : string.Concat(Order.Where(call.Has));
        var total = new long[Order.Length];
        var narrow = asked.Length == 1;
        await call.ForEachInputAsync(async (path, reader) =>
        {
            var counts = await CountAsync(reader);
            for (var index = 0; index < counts.Length; index++)
            {
                total[index] = Order[index] == 'L' ? Math.Max(total[index], counts[index]) : total[index] + counts[index];
            }

            await ShowAsync(call, asked, counts, call.Operands.Count == 0 ? "" : path, narrow);
        });
        if (call.Operands.Count > 1)
        {
            await ShowAsync(call, asked, total, "total", narrow);
        }
    }

    private static ValueTask ShowAsync(ToolCall call, string asked, long[] counts, string name, bool narrow)
    {
        var shown = asked.Select(letter => counts[Order.IndexOf(letter, StringComparison.Ordinal)]).ToList();
        var text = narrow && (call.Operands.Count < 2 || name.Length > 0) ? string.Join(' ', shown.Select(count => call.Operands.Count > 1 ? $"{count,9}" : $"{count}")) : string.Join(' ', shown.Select(count => $"{count,9}"));
        return call.WriteLineAsync(name.Length == 0 ? text : $"{text} {name}");
    }

    private static async ValueTask<long[]> CountAsync(ByteReader reader)
    {
        long lines = 0, words = 0, bytes = 0, characters = 0, longest = 0, width = 0;
        var inWord = false;
        while (await reader.ReadBlockAsync() is { IsEmpty: false } block)
        {
            bytes += block.Length;
            foreach (var value in block.Span)
            {
                characters++;
                var isSpace = value is 32 or (>= 9 and <= 13);
                words += isSpace && inWord ? 1 : 0;
                inWord = !isSpace && (inWord || value is > 32 and < 127);
                width = value switch { 10 or 12 or 13 => 0, 9 => (width | 7) + 1, >= 32 and < 127 => width + 1, _ => width };
                longest = Math.Max(longest, width);
                lines += value == 10 ? 1 : 0;
            }
        }

        return [lines, words + (inWord ? 1 : 0), characters, bytes, longest];
    }
}
