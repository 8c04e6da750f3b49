using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>comm: lines that two sorted files have in common, and those that only one has.</summary>
internal sealed class CommTool() : Tool("123", "[-123] FILE1 FILE2", "comm")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count != 2)
        {
            throw new UsageException();
        }

        try
        {
            await CompareAsync(call, await call.OpenReaderAsync(call.Operands[0]), await call.OpenReaderAsync(call.Operands[1]));
        }
        catch (FileException failure) when (failure.Code != Errno.EPIPE)
        {
            await call.FailAsync($"can't open: {failure.Message}");
        }
    }

    private static async ValueTask CompareAsync(ToolCall call, ByteReader one, ByteReader other)
    {
        var (left, right) = (await LineAsync(one), await LineAsync(other));
        while (left is not null || right is not null)
        {
            var order = left is null ? 1 : right is null ? -1 : string.CompareOrdinal(left, right);
            var column = order < 0 ? 1 : order > 0 ? 2 : 3;
            if (!call.Has((char)('0' + column)))
            {
                var tabs = (column > 1 && !call.Has('1') ? "\t" : "") + (column > 2 && !call.Has('2') ? "\t" : "");
                await call.WriteLineAsync(tabs + (order <= 0 ? left : right));
            }

            left = order <= 0 ? await LineAsync(one) : left;
            right = order >= 0 ? await LineAsync(other) : right;
        }
    }

    private static async ValueTask<string?> LineAsync(ByteReader reader) => await reader.ReadLineAsync() is { } line ? ToolCall.Chomp(line) : null;
}
