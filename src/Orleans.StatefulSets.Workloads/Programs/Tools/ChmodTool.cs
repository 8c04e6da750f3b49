using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>chmod: changes permission bits.</summary>
internal sealed class ChmodTool() : Tool("Rvcf recursive=R", "[-Rcvf] MODE[,MODE]... FILE...", "chmod")
{
    /// <summary>A mode such as <c>-x</c> looks like options and is none.</summary>
    protected override List<string> Prepare(List<string> arguments)
    {
        var at = arguments.FindIndex(argument => argument is ['-', not '-', ..] && argument.Skip(1).All(letter => "rwxXstugoa,+-=".Contains(letter, StringComparison.Ordinal)));
        if (at >= 0 && !arguments.Take(at).Contains("--"))
        {
            arguments[at] = "a" + arguments[at];
        }

        return arguments;
    }

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count < 2)
        {
            throw new UsageException();
        }

        foreach (var path in call.Operands.Skip(1))
        {
            await ChangeAsync(call, path, call.Operands[0], isNamed: true);
        }
    }

    private static async ValueTask ChangeAsync(ToolCall call, string path, string text, bool isNamed)
    {
        await call.Process.StepAsync();
        FileNode? node = null;
        if (!await call.TryAsync(async () => node = await call.Files.StatAsync(call.By, path, follow: isNamed), error => $"{path}: {error}") || node!.Kind == FileKind.SymbolicLink)
        {
            return;
        }

        // Without "who" the umask's bits stay: "-x" was made "a-x" only to be read, and a clause of the kind "+w" keeps the rule.
        var mode = ModeText.Parse(text, node.Mode, call.By.Umask, node.IsDirectory) ?? throw new UsageException($"invalid mode '{text}'", withUsage: false);
        var changed = await call.TryAsync(async () => await call.Files.ChangeAsync(call.By, path, new AttributeChange { Mode = mode }), error => $"{path}: {error}");
        if (changed && (call.Has('v') || (call.Has('c') && mode != node.Mode)))
        {
            var after = ModeText.Of(node with { Mode = mode })[1..];
            await call.WriteLineAsync($"mode of '{path}' changed to {Convert.ToString(mode, 8).PadLeft(4, '0')} ({after})");
        }

        if (call.Has('R') && node.IsDirectory)
        {
            IReadOnlyList<DirectoryEntry> entries = [];
            await call.TryAsync(async () => entries = await call.Files.ListAsync(call.By, path), error => $"{path}: {error}");
            foreach (var entry in entries)
            {
                await ChangeAsync(call, ToolCall.Join(path, entry.Name), text, isNamed: false);
            }
        }
    }
}
