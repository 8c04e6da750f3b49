using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>truncate: gives files a size.</summary>
internal sealed class TruncateTool() : Tool("cs: size=s no-create=c", "[-c] -s SIZE FILE...", "truncate")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var text = call.Value('s') ?? throw new UsageException();
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        var sign = text.Length > 0 && "+-<>".Contains(text[0], StringComparison.Ordinal) ? text[0] : '\0';
        var given = ToolCall.Number(sign == '\0' ? text : text[1..], suffixes: true);
        foreach (var path in call.Operands)
        {
            await call.TryAsync(
                async () =>
                {
                    var node = await call.FindAsync(path);
                    if (node is null && call.Has('c'))
                    {
                        return;
                    }

                    await (await call.Files.OpenAsync(call.By, path, OpenMode.Write | OpenMode.Create)).CloseAsync();
                    var now = node?.Size ?? 0;
                    var size = sign switch { '+' => now + given, '-' => Math.Max(0, now - given), '<' => Math.Min(now, given), '>' => Math.Max(now, given), _ => given };
                    await call.Files.ChangeAsync(call.By, path, new AttributeChange { Size = size });
                },
                error => $"{path}: {error}");
        }
    }
}
