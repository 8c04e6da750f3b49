using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>diff: how files differ, in unified form.</summary>
internal sealed class DiffTool() : Tool(
    "abBdiL:NqrsS:tTuU:wE: brief=q unified=u recursive=r report-identical-files=s ignore-case=i new-file=N label=L ignore-all-space=w ignore-space-change=b text=a minimal=d color=E",
    "[-abBdiNqrTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2",
    "diff")
{
    protected override int Misused => 2;

    protected override int UsageShown => 1;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count != 2)
        {
            throw new UsageException();
        }

        var (one, other) = (call.Operands[0], call.Operands[1]);
        var (left, right) = (await StatAsync(call, one), await StatAsync(call, other));
        if (left is { IsDirectory: true } && right is { IsDirectory: true })
        {
            await CompareFoldersAsync(call, one, other);
            return;
        }

        one = left is { IsDirectory: true } ? ToolCall.Join(one, ToolCall.LastSegment(other)) : one;
        other = right is { IsDirectory: true } ? ToolCall.Join(other, ToolCall.LastSegment(one)) : other;
        await CompareAsync(call, one, other);
    }

    private static async ValueTask<FileNode?> StatAsync(ToolCall call, string path)
    {
        try
        {
            return path == "-" ? null : await call.Files.StatAsync(call.By, path);
        }
        catch (FileException failure)
        {
            throw new UsageException($"can't stat '{path}': {failure.Message}", withUsage: false);
        }
    }

    private static async ValueTask CompareFoldersAsync(ToolCall call, string one, string other)
    {
        var (left, right) = (await call.Files.ListAsync(call.By, one), await call.Files.ListAsync(call.By, other));
        foreach (var name in left.Concat(right).Select(entry => entry.Name).Distinct().Order(StringComparer.Ordinal))
        {
            await call.Process.StepAsync();
            var here = left.FirstOrDefault(entry => entry.Name == name).Node;
            var there = right.FirstOrDefault(entry => entry.Name == name).Node;
            if ((here is null || there is null) && !call.Has('N'))
            {
                call.Status = 1;
                await call.WriteLineAsync($"Only in {(here is null ? other : one)}: {name}");
            }
            else if ((here ?? there)!.IsDirectory)
            {
                await (call.Has('r') ? CompareFoldersAsync(call, ToolCall.Join(one, name), ToolCall.Join(other, name)) : call.WriteLineAsync($"Common subdirectories: {ToolCall.Join(one, name)} and {ToolCall.Join(other, name)}"));
            }
            else
            {
                await CompareAsync(call, here is null ? "/dev/null" : ToolCall.Join(one, name), there is null ? "/dev/null" : ToolCall.Join(other, name));
            }
        }
    }

    private static async ValueTask CompareAsync(ToolCall call, string one, string other)
    {
        List<string> left, right;
        try
        {
            left = await LinesAsync(call, one);
            right = await LinesAsync(call, other);
        }
        catch (FileException failure)
        {
            throw new UsageException(failure.Message, withUsage: false);
        }

        await call.Process.StepAsync(1 + ((left.Count + right.Count) / 8));
        var (removed, added) = LineDifference.Of(left, right, new Comparer(call));
        if (!removed.Contains(true) && !added.Contains(true))
        {
            await (call.Has('s') ? call.WriteLineAsync($"Files {one} and {other} are identical") : default);
            return;
        }

        call.Status = 1;
        if (call.Has('q'))
        {
            await call.WriteLineAsync($"Files {one} and {other} differ");
            return;
        }

        var labels = call.Options.Values('L').ToList();
        await call.WriteAsync($"--- {labels.ElementAtOrDefault(0) ?? one}\n+++ {labels.ElementAtOrDefault(1) ?? other}\n");
        var context = call.Value('U') is { } text ? (int)Math.Clamp(ToolCall.Number(text), 0, 10_000) : 3;
        foreach (var hunk in UnifiedHunks.Of(left, right, removed, added, context))
        {
            await call.WriteAsync(hunk);
        }
    }

    private static async ValueTask<List<string>> LinesAsync(ToolCall call, string path)
    {
        var reader = await call.OpenReaderAsync(path);
        var lines = await reader.ReadLinesAsync();
        await reader.CloseAsync();
        return lines;
    }

    private sealed class Comparer(ToolCall call) : StringComparer
    {
        public override int Compare(string? x, string? y) => string.CompareOrdinal(Folded(x!), Folded(y!));

        public override bool Equals(string? x, string? y) => Folded(x!) == Folded(y!);

        public override int GetHashCode(string obj) => Folded(obj).GetHashCode(StringComparison.Ordinal);

        private string Folded(string line)
        {
            line = call.Has('i') ? line.ToUpperInvariant() : line;
            line = call.Has('w') ? string.Concat(line.Where(letter => letter is not (' ' or '\t' or '\n'))) : line;
            return call.Has('b') ? string.Join(' ', line.TrimEnd().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)) : line;
        }
    }
}
