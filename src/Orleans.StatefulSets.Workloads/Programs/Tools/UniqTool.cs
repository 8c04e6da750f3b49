using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>uniq: of equal neighbours one.</summary>
internal sealed class UniqTool() : Tool("cduif:s:w: count=c repeated=d unique=u ignore-case=i skip-fields=f skip-chars=s check-chars=w", "[-cduiz] [-f,s,w N] [FILE [OUTFILE]]", "uniq")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count > 2)
        {
            throw new UsageException();
        }

        var output = call.Operands.Count == 2 ? await OpenAsync(call, call.Operands[1]) : null;
        var reader = await OpenReaderAsync(call);
        string? held = null;
        long count = 0;
        while (await reader.ReadLineAsync() is { } raw)
        {
            var line = ToolCall.Chomp(raw);
            if (held is not null && !Same(call, held, line))
            {
                await ShowAsync(call, output, held, count);
                (held, count) = (null, 0);
            }

            held ??= line;
            count++;
        }

        if (held is not null)
        {
            await ShowAsync(call, output, held, count);
        }
    }

    private static async ValueTask<ByteReader> OpenReaderAsync(ToolCall call)
    {
        var path = call.Operands.Count == 0 ? "-" : call.Operands[0];
        try
        {
            return await call.OpenReaderAsync(path);
        }
        catch (FileException failure)
        {
            throw new UsageException($"can't open '{path}': {failure.Message}", withUsage: false);
        }
    }

    private static async ValueTask<IOpenFile?> OpenAsync(ToolCall call, string path) =>
        path == "-" ? null : await call.OpenAsync(path, OpenMode.Write | OpenMode.Create | OpenMode.Truncate);

    private static bool Same(ToolCall call, string one, string other) =>
        string.Equals(Key(call, one), Key(call, other), call.Has('i') ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private static string Key(ToolCall call, string line)
    {
        var at = 0;
        for (var fields = call.Value('f') is { } skip ? ToolCall.Number(skip) : 0; fields > 0 && at < line.Length; fields--)
        {
            while (at < line.Length && (line[at] is ' ' or '\t'))
            {
                at++;
            }

            while (at < line.Length && line[at] is not (' ' or '\t'))
            {
                at++;
            }
        }

        at = (int)Math.Min(line.Length, at + (call.Value('s') is { } letters ? ToolCall.Number(letters) : 0));
        var width = call.Value('w') is { } most ? ToolCall.Number(most) : int.MaxValue;
        return line.Substring(at, (int)Math.Min(width, line.Length - at));
    }

    private static async ValueTask ShowAsync(ToolCall call, IOpenFile? output, string line, long count)
    {
        if ((call.Has('d') && count == 1) || (call.Has('u') && count > 1))
        {
            return;
        }

        var text = call.Has('c') ? $"{count,7} {line}\n" : $"{line}\n";
        await (output is null ? call.WriteAsync(text) : output.WriteAsync(ByteText.ToBytes(text), call.Process.Killed));
    }
}
