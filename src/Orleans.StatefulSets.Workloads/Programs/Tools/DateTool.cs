using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>date: the simulated time.</summary>
internal sealed class DateTool() : Tool("ud:r:s:RI::D: utc=u date=d reference=r set=s rfc-2822=R iso-8601=I", "[OPTIONS] [+FMT] [[-s] TIME]", "date")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var now = call.Clock.GetUtcNow().UtcDateTime;
        var format = call.Operands.Find(operand => operand.StartsWith('+'))?[1..];
        if (call.Value('s') is not null || call.Operands.Exists(operand => !operand.StartsWith('+')))
        {
            await call.FailAsync("can't set date: Operation not permitted");
            now = DateText.Parse(call.Value('s') ?? call.Operands[0], now) ?? now;
        }

        if (call.Value('d') is { } text)
        {
            now = DateText.Parse(text, now) ?? throw new UsageException($"invalid date '{text}'", withUsage: false);
        }
        else if (call.Value('r') is { } path)
        {
            try
            {
                now = (await call.Files.StatAsync(call.By, path)).Modified;
            }
            catch (FileException failure)
            {
                throw new UsageException($"{path}: {failure.Message}", withUsage: false);
            }
        }

        await call.WriteLineAsync(DateText.Format(format ?? DefaultFormat(call), now));
    }

    private static string DefaultFormat(ToolCall call) => call.Value('I') switch
    {
        "" or "date" => "%Y-%m-%d",
        "hours" => "%Y-%m-%dT%H+00:00",
        "minutes" => "%Y-%m-%dT%H:%M+00:00",
        "seconds" => "%Y-%m-%dT%H:%M:%S+00:00",
        not null => throw new UsageException(),
        null => call.Has('R') ? "%a, %d %b %Y %H:%M:%S +0000" : "%a %b %e %H:%M:%S UTC %Y",
    };
}
