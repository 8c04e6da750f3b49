namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>umount: refused, as in a container without privileges.</summary>
internal sealed class UmountTool() : Tool("rlfnait:O:dv", "[-rlfai] FILESYSTEM|DIRECTORY", "umount")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        foreach (var path in call.Operands)
        {
            var mounted = call.Files.Mounts.Any(mount => mount.Path == path.TrimEnd('/') || mount.Path == path);
            await call.FailAsync($"can't unmount {path}: {(mounted ? "Operation not permitted" : "Invalid argument")}");
        }
    }
}
