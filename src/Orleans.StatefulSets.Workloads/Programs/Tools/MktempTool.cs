using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>mktemp: a new file or directory with a name that nobody has.</summary>
internal sealed class MktempTool() : Tool("dqtup: directory=d tmpdir=p", "[-dt] [-p DIR] [TEMPLATE]", "mktemp")
{
    private const int Tries = 100;
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var folder = call.Value('p') ?? call.Process.Environment.GetValueOrDefault("TMPDIR", "/tmp");
        var template = call.Operands.Count == 0 ? $"{folder}/tmp.XXXXXX" : call.Operands[0];
        if (call.Operands.Count > 0 && call.Options.HasAny("tp"))
        {
            template = ToolCall.Join(folder, template);
        }

        if (call.Operands.Count > 1)
        {
            throw new UsageException();
        }

        if (!template.EndsWith("XXXXXX", StringComparison.Ordinal))
        {
            throw new UsageException("(null): Invalid argument", withUsage: false);
        }

        await call.TryAsync(async () => await call.WriteLineAsync(await MakeAsync(call, template)), error => $"{template}: {error}");
    }

    private static async ValueTask<string> MakeAsync(ToolCall call, string template)
    {
        var random = new Random(HashCode.Combine(call.Files.RandomSeed, call.Process.Id, call.Clock.GetUtcNow().Ticks));
        for (var tried = 0; ; tried++)
        {
            var name = template[..^6] + string.Concat(Enumerable.Range(0, 6).Select(_ => Letters[random.Next(Letters.Length)]));
            try
            {
                if (call.Has('u'))
                {
                    return name;
                }

                if (call.Has('d'))
                {
                    await call.Files.MakeDirectoryAsync(call.By, name, 0x1C0);
                    return name;
                }

                await (await call.Files.OpenAsync(call.By, name, OpenMode.Write | OpenMode.Create | OpenMode.Exclusive, 0x180)).CloseAsync();
                return name;
            }
            catch (FileException failure) when (failure.Code == Errno.EEXIST && tried < Tries)
            {
                // Somebody has it; the next name.
            }
        }
    }
}
