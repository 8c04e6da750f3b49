using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>tee: standard input to standard output and to files.</summary>
internal sealed class TeeTool() : Tool("ai append=a ignore-interrupts=i", "[-ai] [FILE]...", "tee")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var files = new List<(string Path, IOpenFile File)>();
        foreach (var path in call.Operands)
        {
            var mode = OpenMode.Write | OpenMode.Create | (call.Has('a') ? OpenMode.Append : OpenMode.Truncate);
            await call.TryAsync(async () => files.Add((path, await call.OpenAsync(path, mode))), error => $"{path}: {error}");
        }

        while (await call.Input.ReadBlockAsync() is { IsEmpty: false } block)
        {
            await call.WriteAsync(block);
            await call.FlushAsync();
            foreach (var (path, file) in files.ToList())
            {
                if (!await call.TryAsync(() => file.WriteAsync(block, call.Process.Killed), error => $"{path}: {error}"))
                {
                    files.Remove((path, file));
                    await call.CloseAsync(file);
                }
            }
        }
    }
}
