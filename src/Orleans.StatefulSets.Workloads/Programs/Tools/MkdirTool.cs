using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>mkdir: makes directories.</summary>
internal sealed class MkdirTool() : Tool("m:pv mode=m parents=p verbose=v", "[-m MODE] [-p] DIRECTORY...", "mkdir")
{
    private const int Everybody = 0x1FF;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        int? mode = call.Value('m') is { } text
            ? ModeText.Parse(text, Everybody, 0, isDirectory: true) ?? throw new UsageException($"invalid mode '{text}'", withUsage: false)
            : null;
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        foreach (var path in call.Operands)
        {
            if (!call.Has('p') || await MakeParentsAsync(call, path))
            {
                await MakeAsync(call, path, mode);
            }
        }
    }

    private static async ValueTask<bool> MakeParentsAsync(ToolCall call, string path)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0 && path[slash..].Trim('/').Length > 0; slash = path.IndexOf('/', slash + 1))
        {
            var parent = path[..slash];
            if (await call.FindAsync(parent) is null && !await call.TryAsync(() => call.Files.MakeDirectoryAsync(call.By, parent), error => $"can't create directory '{path}': {error}"))
            {
                return false;
            }
        }

        return true;
    }

    private static async ValueTask MakeAsync(ToolCall call, string path, int? mode)
    {
        if (call.Has('p') && await call.FindAsync(path) is { IsDirectory: true })
        {
            return;
        }

        var by = mode is null ? call.By : call.By with { Umask = 0 };
        await call.TryAsync(
            async () =>
            {
                await call.Files.MakeDirectoryAsync(by, path, mode ?? Everybody);
                if (mode > Everybody)
                {
                    await call.Files.ChangeAsync(by, path, new AttributeChange { Mode = mode });
                }

                if (call.Has('v'))
                {
                    await call.WriteLineAsync($"created directory: '{path}'");
                }
            },
            error => $"can't create directory '{path}': {error}");
    }
}
