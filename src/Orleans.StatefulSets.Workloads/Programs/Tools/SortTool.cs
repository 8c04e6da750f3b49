using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>sort: lines in order.</summary>
internal sealed class SortTool() : Tool(
    "nrugMcszbdfiVo:k:t:S:T:mh numeric-sort=n reverse=r unique=u check=c stable=s key=k field-separator=t output=o ignore-case=f version-sort=V human-numeric-sort=h zero-terminated=z",
    "[-nrughMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...",
    "sort")
{
    protected override int Misused => 2;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var order = SortOrder.Of(call);
        var terminator = call.Has('z') ? '\0' : '\n';
        var lines = new List<string>();
        foreach (var path in call.Operands.Count == 0 ? ["-"] : call.Operands)
        {
            try
            {
                var reader = await call.OpenReaderAsync(path);
                lines.AddRange((await reader.ReadLinesAsync(terminator)).Select(line => line.EndsWith(terminator) ? line[..^1] : line));
                await reader.CloseAsync();
            }
            catch (FileException failure) when (failure.Code != Errno.EPIPE)
            {
                throw new UsageException($"{path}: {failure.Message}", withUsage: false);
            }
        }

        await call.Process.StepAsync(1 + (lines.Count / 8));
        if (call.Has('c'))
        {
            await CheckAsync(call, order, lines);
            return;
        }

        IEnumerable<string> sorted = lines.Order(order);
        if (call.Has('u'))
        {
            sorted = Distinct(sorted, order);
        }

        await WriteAsync(call, sorted, terminator);
    }

    private static async ValueTask CheckAsync(ToolCall call, SortOrder order, List<string> lines)
    {
        for (var index = 1; index < lines.Count; index++)
        {
            var compared = order.CompareKeys(lines[index - 1], lines[index]);
            if (compared > 0 || (compared == 0 && call.Has('u')))
            {
                await call.FailAsync($"Check line {index}");
                return;
            }
        }
    }

    private static IEnumerable<string> Distinct(IEnumerable<string> lines, SortOrder order)
    {
        string? last = null;
        foreach (var line in lines)
        {
            if (last is null || order.CompareKeys(last, line) != 0)
            {
                yield return last = line;
            }
        }
    }

    private static async ValueTask WriteAsync(ToolCall call, IEnumerable<string> lines, char terminator)
    {
        if (call.Value('o') is not { } path)
        {
            foreach (var line in lines)
            {
                await call.WriteAsync(line + terminator);
            }

            return;
        }

        try
        {
            var file = await call.OpenAsync(path, OpenMode.Write | OpenMode.Create | OpenMode.Truncate);
            foreach (var chunk in lines.Chunk(256))
            {
                await call.Process.StepAsync();
                await file.WriteAsync(ByteText.ToBytes(string.Concat(chunk.Select(line => line + terminator))), call.Process.Killed);
            }
        }
        catch (FileException failure)
        {
            throw new UsageException($"{path}: {failure.Message}", withUsage: false);
        }
    }
}
