namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>mount: lists what is mounted. A container may mount nothing itself.</summary>
internal sealed class MountTool() : Tool("aFft:o:rwnvO:i", "[OPTIONS] [-o OPT] DEVICE NODE", "mount")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count > 0 || call.Has('a'))
        {
            throw new UsageException(call.By.Credentials.IsRoot ? "permission denied (are you root?)" : "must be superuser to use mount", withUsage: false);
        }

        foreach (var mount in call.Files.Mounts)
        {
            await call.WriteLineAsync($"{MountText.SourceOf(mount)} on {mount.Path} type {MountText.TypeOf(mount)} ({(mount.ReadOnly ? "ro" : "rw")},relatime)");
        }
    }
}
