using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>split: one file as several.</summary>
internal sealed class SplitTool() : Tool("l:b:a: lines=l bytes=b suffix-length=a", "[OPTIONS] [INPUT [PREFIX]]", "split")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var suffix = (int)Math.Clamp(call.Value('a') is { } length ? ToolCall.Number(length) : 2, 1, 20);
        var bytes = call.Value('b') is { } size ? ToolCall.Number(size, suffixes: true) : 0;
        var lines = call.Value('l') is { } count ? ToolCall.Number(count, suffixes: true) : 1000;
        var prefix = call.Operands.ElementAtOrDefault(1) ?? "x";
        var path = call.Operands.Count == 0 ? "-" : call.Operands[0];
        try
        {
            var reader = await call.OpenReaderAsync(path);
            for (var index = 0; !await reader.IsAtEndAsync(); index++)
            {
                var file = await call.OpenAsync(prefix + Suffix(index, suffix), OpenMode.Write | OpenMode.Create | OpenMode.Truncate);
                await (bytes > 0 ? BytesAsync(call, reader, file, bytes) : LinesAsync(call, reader, file, lines));
                await call.CloseAsync(file);
            }
        }
        catch (FileException failure) when (failure.Code != Errno.EPIPE)
        {
            throw new UsageException($"{path}: {failure.Message}", withUsage: false);
        }
    }

    private static async ValueTask LinesAsync(ToolCall call, ByteReader reader, IOpenFile file, long count)
    {
        for (; count > 0 && await reader.ReadLineAsync() is { } line; count--)
        {
            await file.WriteAsync(ByteText.ToBytes(line), call.Process.Killed);
        }
    }

    private static async ValueTask BytesAsync(ToolCall call, ByteReader reader, IOpenFile file, long count)
    {
        while (count > 0 && await reader.ReadBlockAsync((int)Math.Min(count, int.MaxValue)) is { IsEmpty: false } block)
        {
            await file.WriteAsync(block, call.Process.Killed);
            count -= block.Length;
        }
    }

    private static string Suffix(int index, int length)
    {
        var letters = new char[length];
        for (var at = length - 1; at >= 0; at--)
        {
            letters[at] = (char)('a' + (index % 26));
            index /= 26;
        }

        return index == 0 ? new string(letters) : throw new UsageException("suffixes exhausted", withUsage: false);
    }
}
