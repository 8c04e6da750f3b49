namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>fold: breaks long lines.</summary>
internal sealed class FoldTool() : Tool("bsw: bytes=b spaces=s width=w", "[-bs] [-w WIDTH] [FILE]...", "fold")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var width = (int)Math.Clamp(call.Value('w') is { } text ? ToolCall.Number(text) : 80, 1, 10_000);
        await call.ForEachInputAsync(async (_, reader) =>
        {
            while (await reader.ReadLineAsync() is { } raw)
            {
                var line = ToolCall.Chomp(raw);
                while (line.Length > 0 && Fitting(line, width, call.Has('b')) is var fits && fits < line.Length)
                {
                    var blank = call.Has('s') ? line.LastIndexOfAny([' ', '\t'], fits - 1) : -1;
                    fits = blank >= 0 ? blank + 1 : fits;
                    await call.WriteLineAsync(line[..fits]);
                    line = line[fits..];
                }

                await call.WriteAsync(line + (raw.EndsWith('\n') ? "\n" : ""));
            }
        });
    }

    private static int Fitting(string line, int width, bool bytes)
    {
        var column = 0;
        for (var at = 0; at < line.Length; at++)
        {
            column = bytes ? column + 1 : line[at] switch { '\b' => Math.Max(0, column - 1), '\r' => 0, '\t' => column + 8 - (column % 8), _ => column + 1 };
            if (column > width)
            {
                return Math.Max(1, at);
            }
        }

        return line.Length;
    }
}
