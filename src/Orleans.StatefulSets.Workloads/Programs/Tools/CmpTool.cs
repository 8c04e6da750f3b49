using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>cmp: where two files differ first.</summary>
internal sealed class CmpTool() : Tool("lsn: verbose=l silent=s quiet=s bytes=n", "[-ls] [-n NUM] FILE1 [FILE2]", "cmp")
{
    protected override int Misused => 2;

    protected override int UsageShown => 1;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count is 0 or > 4)
        {
            throw new UsageException();
        }

        string[] paths = [call.Operands[0], call.Operands.ElementAtOrDefault(1) ?? "-"];
        var readers = new ByteReader[2];
        for (var index = 0; index < 2; index++)
        {
            try
            {
                readers[index] = await call.OpenReaderAsync(paths[index]);
            }
            catch (FileException failure)
            {
                call.Status = 2;
                await (call.Has('s') ? default : call.ComplainAsync($"{paths[index]}: {failure.Message}"));
                return;
            }
        }

        await CompareAsync(call, paths, readers);
    }

    private static async ValueTask CompareAsync(ToolCall call, string[] paths, ByteReader[] readers)
    {
        var most = call.Value('n') is { } text ? ToolCall.Number(text, suffixes: true) : long.MaxValue;
        var line = 1L;
        for (var offset = 1L; offset <= most; offset++)
        {
            var (one, other) = (await ByteAsync(readers[0]), await ByteAsync(readers[1]));
            if (one != other)
            {
                call.Status = 1;
                if (one < 0 || other < 0)
                {
                    await (call.Has('s') ? default : call.ComplainAsync($"EOF on {paths[one < 0 ? 0 : 1]}"));
                    return;
                }

                if (call.Has('s'))
                {
                    return;
                }

                if (!call.Has('l'))
                {
                    await call.WriteLineAsync($"{paths[0]} {paths[1]} differ: char {offset}, line {line}");
                    return;
                }

                await call.WriteLineAsync($"{offset} {Convert.ToString(one, 8),3} {Convert.ToString(other, 8),3}");
            }

            if (one < 0)
            {
                return;
            }

            line += one == '\n' ? 1 : 0;
        }
    }

    private static async ValueTask<int> ByteAsync(ByteReader reader) => await reader.ReadBlockAsync(1) is { IsEmpty: false } block ? block.Span[0] : -1;
}
