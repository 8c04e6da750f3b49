using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>readlink: where a symbolic link points.</summary>
internal sealed class ReadlinkTool() : Tool("fnve canonicalize=f", "[-fnv] FILE", "readlink")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count != 1)
        {
            throw new UsageException();
        }

        try
        {
            var path = call.Operands[0];
            var target = call.Has('f') ? await PathWalk.CanonicalAsync(call, path) : await call.Files.ReadLinkAsync(call.By, path);
            await call.WriteAsync(call.Has('n') ? target : target + "\n");
        }
        catch (FileException failure)
        {
            call.Status = 1;
            if (call.Has('v'))
            {
                await call.ComplainAsync($"{call.Operands[0]}: {failure.Message}");
            }
        }
    }
}
