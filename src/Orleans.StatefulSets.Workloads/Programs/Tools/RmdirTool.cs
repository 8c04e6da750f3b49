namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>rmdir: takes empty directories off.</summary>
internal sealed class RmdirTool() : Tool("pv parents=p ignore-fail-on-non-empty=i", "[-p] DIRECTORY...", "rmdir")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        foreach (var operand in call.Operands)
        {
            var path = operand;
            while (await RemoveAsync(call, path) && call.Has('p'))
            {
                var slash = path.TrimEnd('/').LastIndexOf('/');
                if (slash <= 0)
                {
                    break;
                }

                path = path[..slash];
            }
        }
    }

    private static async ValueTask<bool> RemoveAsync(ToolCall call, string path)
    {
        var before = call.Status;
        var error = "";
        var done = await call.TryAsync(() => call.Files.RemoveDirectoryAsync(call.By, path), text => error = $"'{path}': {text}");
        if (!done && call.Has('i') && error.EndsWith("not empty", StringComparison.Ordinal))
        {
            call.Status = before;
        }

        return done;
    }
}
