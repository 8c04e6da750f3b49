namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>head: the first lines or bytes.</summary>
internal sealed class HeadTool() : Tool("n:c:qv lines=n bytes=c quiet=q silent=q verbose=v", "[OPTIONS] [FILE]...", "head")
{
    protected override List<string> Prepare(List<string> arguments) => OldCount(arguments);

    /// <summary>An old <c>-5</c> becomes <c>-n 5</c>.</summary>
    internal static List<string> OldCount(List<string> arguments)
    {
        var at = arguments.FindIndex(argument => argument is ['-', >= '0' and <= '9', ..] && argument.Skip(1).All(char.IsAsciiDigit));
        if (at >= 0 && !arguments.Take(at).Any(before => before is "--" or "-n" or "-c" or "-s"))
        {
            arguments[at] = $"-n{arguments[at][1..]}";
        }

        return arguments;
    }

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var bytes = call.Options.LastOf("nc") == 'c';
        var count = ToolCall.Number(call.Options.All.LastOrDefault(option => option.Letter is 'n' or 'c').Value ?? "10", suffixes: true);
        var headed = call.Options.LastOf("qv") switch { 'q' => false, 'v' => true, _ => call.Operands.Count > 1 };
        var first = true;
        await call.ForEachInputAsync(async (path, reader) =>
        {
            if (headed)
            {
                await call.WriteAsync($"{(first ? "" : "\n")}==> {(path == "-" ? "standard input" : path)} <==\n");
                first = false;
            }

            await (count < 0 ? AllButAsync(call, reader, -count, bytes) : bytes ? BytesAsync(call, reader, count) : LinesAsync(call, reader, count));
        });
    }

    private static async ValueTask LinesAsync(ToolCall call, ByteReader reader, long count)
    {
        for (; count > 0 && await reader.ReadLineAsync() is { } line; count--)
        {
            await call.WriteAsync(line);
        }
    }

    private static async ValueTask BytesAsync(ToolCall call, ByteReader reader, long count)
    {
        while (count > 0 && await reader.ReadBlockAsync((int)Math.Min(count, int.MaxValue)) is { IsEmpty: false } block)
        {
            await call.WriteAsync(block);
            count -= block.Length;
        }
    }

    private static async ValueTask AllButAsync(ToolCall call, ByteReader reader, long count, bool bytes)
    {
        if (bytes)
        {
            var text = await reader.ReadToEndAsync();
            await call.WriteAsync(text[..(int)Math.Max(0, text.Length - count)]);
            return;
        }

        var lines = await reader.ReadLinesAsync();
        foreach (var line in lines.Take((int)Math.Max(0, lines.Count - count)))
        {
            await call.WriteAsync(line);
        }
    }
}
