using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>find: files below directories that an expression is true of.</summary>
internal sealed class FindTool() : Tool("+HL", "[-HL] [PATH]... [OPTIONS] [ACTIONS]", "find")
{
    private const int Deepest = 1000;

    /// <summary>Words that begin like options are the expression's.</summary>
    protected override List<string> Prepare(List<string> arguments)
    {
        var options = arguments.TakeWhile(argument => argument is "-H" or "-L").Count();
        arguments.Insert(options, "--");
        return arguments;
    }

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var paths = call.Operands.TakeWhile(word => !(word.StartsWith('-') && word.Length > 1) && word is not ("!" or "(")).ToList();
        var plan = new FindPlan();
        var words = call.Operands.Skip(paths.Count).ToList();
        var test = await new FindExpression(call, words, plan).ParseAsync();
        foreach (var path in paths.Count == 0 ? ["."] : paths)
        {
            await VisitAsync(call, plan, test, path, path.Length > 1 ? ToolCall.LastSegment(path) : path, 0, null);
        }

        foreach (var action in plan.Finally)
        {
            await action();
        }
    }

    private static async ValueTask VisitAsync(ToolCall call, FindPlan plan, Func<FindItem, ValueTask<bool>> test, string path, string name, int depth, IFileTree? start)
    {
        await call.Process.StepAsync();
        if (plan.Quit || depth > Deepest)
        {
            return;
        }

        (FileNode Node, Mount Mount, string Path) at = (null!, null!, "");
        var follow = call.Has('L') || (depth == 0 && call.Has('H'));
        var found = await call.TryAsync(
            async () => at = await call.Files.LocateAsync(call.By, path, follow && await call.FindAsync(path) is not null), error => $"{path}: {error}");
        if (!found)
        {
            return;
        }

        var item = new FindItem(path, name, at.Node, at.Mount.Tree, depth);
        plan.Prune = false;
        if (!plan.DepthFirst)
        {
            await AskAsync(call, plan, test, item);
        }

        var descends = at.Node.IsDirectory && depth < plan.MaxDepth && !(plan.Prune && !plan.DepthFirst) && !(plan.OneTree && start is not null && start != at.Mount.Tree);
        if (descends)
        {
            IReadOnlyList<DirectoryEntry> entries = [];
            await call.TryAsync(async () => entries = await call.Files.ListAsync(call.By, path), error => $"{path}: {error}");
            foreach (var entry in entries)
            {
                await VisitAsync(call, plan, test, ToolCall.Join(path, entry.Name), entry.Name, depth + 1, start ?? at.Mount.Tree);
            }
        }

        if (plan.DepthFirst && !plan.Quit)
        {
            await AskAsync(call, plan, test, item);
        }
    }

    private static async ValueTask AskAsync(ToolCall call, FindPlan plan, Func<FindItem, ValueTask<bool>> test, FindItem item)
    {
        if (item.Depth >= plan.MinDepth && await test(item) && !plan.HasAction)
        {
            await call.WriteLineAsync(item.Path);
        }
    }
}
