using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>A file that find looks at.</summary>
internal sealed record FindItem(string Path, string Name, FileNode Node, IFileTree Tree, int Depth);

/// <summary>What find's options say besides the expression.</summary>
internal sealed class FindPlan
{
    public int MinDepth { get; set; }

    public int MaxDepth { get; set; } = int.MaxValue;

    public bool DepthFirst { get; set; }

    public bool OneTree { get; set; }

    /// <summary>Whether the expression does something itself, so that nothing is printed for it.</summary>
    public bool HasAction { get; set; }

    public bool Prune { get; set; }

    public bool Quit { get; set; }

    /// <summary>Commands that take many paths at once (<c>-exec … +</c>), run at the end.</summary>
    public List<Func<ValueTask>> Finally { get; } = [];
}

/// <summary>Reads find's expression into one question about a file.</summary>
internal sealed class FindExpression(ToolCall call, IReadOnlyList<string> words, FindPlan plan)
{
    private readonly FindTests tests = new(call);
    private int at;

    public async ValueTask<Func<FindItem, ValueTask<bool>>> ParseAsync()
    {
        if (words.Count == 0)
        {
            return _ => new(true);
        }

        var parsed = await OrAsync();
        return at == words.Count ? parsed : throw Wrong(words[at]);
    }

    private static UsageException Wrong(string word) => new($"unrecognized: {word}");

    private async ValueTask<Func<FindItem, ValueTask<bool>>> OrAsync()
    {
        var left = await AndAsync();
        while (Take("-o", "-or"))
        {
            var (one, other) = (left, await AndAsync());
            left = async item => await one(item) || await other(item);
        }

        return left;
    }

    private async ValueTask<Func<FindItem, ValueTask<bool>>> AndAsync()
    {
        var left = await NotAsync();
        while (at < words.Count && words[at] is not ("-o" or "-or" or ")"))
        {
            Take("-a", "-and");
            var (one, other) = (left, await NotAsync());
            left = async item => await one(item) && await other(item);
        }

        return left;
    }

    private async ValueTask<Func<FindItem, ValueTask<bool>>> NotAsync()
    {
        if (Take("!", "-not"))
        {
            var inner = await NotAsync();
            return async item => !await inner(item);
        }

        if (!Take("(", "("))
        {
            return await PrimaryAsync();
        }

        var group = await OrAsync();
        return Take(")", ")") ? group : throw new UsageException("unpaired '('", withUsage: false);
    }

    private async ValueTask<Func<FindItem, ValueTask<bool>>> PrimaryAsync()
    {
        var word = at < words.Count ? words[at++] : throw new UsageException();
        switch (word)
        {
            case "-maxdepth":
                plan.MaxDepth = (int)ToolCall.Number(Value(word));
                return _ => new(true);
            case "-mindepth":
                plan.MinDepth = (int)ToolCall.Number(Value(word));
                return _ => new(true);
            case "-depth":
                plan.DepthFirst = true;
                return _ => new(true);
            case "-xdev" or "-mount":
                plan.OneTree = true;
                return _ => new(true);
            case "-follow" or "-true":
                return _ => new(true);
            case "-false":
                return _ => new(false);
            case "-print":
                return Action(item => call.WriteLineAsync(item.Path));
            case "-print0":
                return Action(item => call.WriteAsync(item.Path + "\0"));
            case "-prune":
                return item =>
                {
                    plan.Prune = true;
                    return new(true);
                };
            case "-quit":
                return Action(_ =>
                {
                    plan.Quit = true;
                    return default;
                });
            case "-delete":
                plan.DepthFirst = true;
                return Action(DeleteAsync);
            case "-exec" or "-ok":
                return Execute();
            default:
                return await tests.OfAsync(word, () => Value(word)) ?? throw Wrong(word);
        }
    }

    private Func<FindItem, ValueTask<bool>> Action(Func<FindItem, ValueTask> action)
    {
        plan.HasAction = true;
        return async item =>
        {
            await action(item);
            return true;
        };
    }

    private ValueTask DeleteAsync(FindItem item) => item.Path == "."
        ? default
        : new(call.TryAsync(
            () => item.Node.IsDirectory ? call.Files.RemoveDirectoryAsync(call.By, item.Path) : call.Files.RemoveFileAsync(call.By, item.Path),
            error => $"{item.Path}: {error}").AsTask());

    private Func<FindItem, ValueTask<bool>> Execute()
    {
        plan.HasAction = true;
        var command = new List<string>();
        while (at < words.Count && words[at] != ";" && !(words[at] == "+" && command.Count > 0 && command[^1] == "{}"))
        {
            command.Add(words[at++]);
        }

        var many = at < words.Count ? words[at++] == "+" : throw new UsageException("-exec requires an argument", withUsage: false);
        if (command.Count == 0)
        {
            throw new UsageException("-exec requires an argument", withUsage: false);
        }

        if (!many)
        {
            return async item => await ChildProcess.RunAsync(call, [.. command.Select(word => word.Replace("{}", item.Path, StringComparison.Ordinal))]) == 0;
        }

        var paths = new List<string>();
        plan.Finally.Add(async () =>
        {
            if (paths.Count > 0 && await ChildProcess.RunAsync(call, [.. command.SkipLast(1), .. paths]) != 0)
            {
                call.Status = 1;
            }
        });
        return item =>
        {
            paths.Add(item.Path);
            return new(true);
        };
    }

    private string Value(string word) => at < words.Count ? words[at++] : throw new UsageException($"option requires an argument -- '{word}'");

    private bool Take(string word, string other)
    {
        if (at >= words.Count || (words[at] != word && words[at] != other))
        {
            return false;
        }

        at++;
        return true;
    }
}
