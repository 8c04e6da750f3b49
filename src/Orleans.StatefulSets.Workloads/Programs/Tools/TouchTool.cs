using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>touch: makes files, or sets their times.</summary>
internal sealed class TouchTool() : Tool("chamd:t:r:f date=d reference=r no-create=c no-dereference=h", "[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...", "touch")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        var time = await TimeAsync(call);
        var both = call.Has('a') == call.Has('m');
        var change = new AttributeChange { Accessed = both || call.Has('a') ? time : null, Modified = both || call.Has('m') ? time : null };
        foreach (var path in call.Operands)
        {
            await call.TryAsync(() => TouchAsync(call, path, change), error => $"{path}: {error}");
        }
    }

    private static async ValueTask TouchAsync(ToolCall call, string path, AttributeChange change)
    {
        if (await call.FindAsync(path, follow: !call.Has('h')) is null)
        {
            if (call.Has('c'))
            {
                return;
            }

            var file = await call.Files.OpenAsync(call.By, path, OpenMode.Write | OpenMode.Create);
            await file.CloseAsync();
        }

        await call.Files.ChangeAsync(call.By, path, change, follow: !call.Has('h'));
    }

    private static async ValueTask<DateTime> TimeAsync(ToolCall call)
    {
        var now = call.Clock.GetUtcNow().UtcDateTime;
        if (call.Value('r') is { } reference)
        {
            DateTime? time = null;
            await call.TryAsync(async () => time = (await call.Files.StatAsync(call.By, reference)).Modified, error => $"{reference}: {error}");
            return time ?? throw new UsageException(withUsage: false);
        }

        return (call.Value('d') ?? call.Value('t')) is { } text
            ? DateText.Parse(text, now) ?? throw new UsageException($"invalid date '{text}'", withUsage: false)
            : now;
    }
}
