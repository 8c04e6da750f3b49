using System.Text.RegularExpressions;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>grep, egrep, fgrep: lines that match a pattern.</summary>
internal sealed class GrepTool() : Tool(
    "lnqvscFiHhe:f:LorRm:wxA:B:C:EzaI ignore-case=i invert-match=v recursive=r line-number=n count=c quiet=q silent=q extended-regexp=E fixed-strings=F only-matching=o word-regexp=w line-regexp=x"
        + " files-with-matches=l files-without-match=L max-count=m regexp=e file=f no-filename=h with-filename=H no-messages=s after-context=A before-context=B context=C color=a",
    "[-HhnlLoqvsrRiwFEz] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...",
    "grep",
    "egrep",
    "fgrep")
{
    protected override int Misused => 2;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var patterns = await PatternsAsync(call);
        var search = new GrepSearch(call, [.. patterns.Select(pattern => Compile(call, pattern))]);
        var named = call.Operands.Count > 0 ? call.Operands : ["-"];
        search.ShowNames = call.Options.LastOf("hH") switch { 'h' => false, 'H' => true, _ => named.Count > 1 || call.Options.HasAny("rR") };
        foreach (var path in named)
        {
            await VisitAsync(call, search, path, isNamed: true);
            if (search.IsDone)
            {
                break;
            }
        }

        call.Status = search.Found && call.Has('q') ? 0 : search.Failed ? 2 : search.Found ? 0 : 1;
    }

    private static async ValueTask<List<string>> PatternsAsync(ToolCall call)
    {
        var patterns = call.Options.Values('e').SelectMany(text => text.Split('\n')).ToList();
        foreach (var path in call.Options.Values('f'))
        {
            try
            {
                var text = await call.ReadAllAsync(path);
                patterns.AddRange(text.Length == 0 ? [] : ToolCall.Chomp(text).Split('\n'));
            }
            catch (FileException failure)
            {
                throw new UsageException($"{path}: {failure.Message}", withUsage: false);
            }
        }

        if (!call.Options.HasAny("ef"))
        {
            if (call.Operands.Count == 0)
            {
                throw new UsageException();
            }

            patterns.AddRange(call.Operands[0].Split('\n'));
            call.Operands.RemoveAt(0);
        }

        return patterns;
    }

    private static Regex Compile(ToolCall call, string pattern)
    {
        var ignoreCase = call.Has('i');
        return call.Has('F') || call.Name == "fgrep"
            ? PosixRegex.Literal(pattern, ignoreCase)
            : PosixRegex.Compile(pattern, call.Has('E') || call.Name == "egrep", ignoreCase);
    }

    private static async ValueTask VisitAsync(ToolCall call, GrepSearch search, string path, bool isNamed)
    {
        await call.Process.StepAsync();
        try
        {
            if (path != "-" && (await call.Files.StatAsync(call.By, path, follow: isNamed || call.Has('R'))) is { Kind: not FileKind.Regular } node)
            {
                if (node.IsDirectory && call.Options.HasAny("rR"))
                {
                    foreach (var entry in await call.Files.ListAsync(call.By, path))
                    {
                        await VisitAsync(call, search, ToolCall.Join(path, entry.Name), isNamed: false);
                    }

                    return;
                }

                if (!isNamed || node.IsDirectory)
                {
                    return;
                }
            }

            var reader = await call.OpenReaderAsync(path);
            await search.RunAsync(path == "-" ? "(standard input)" : path, reader);
            await reader.CloseAsync();
        }
        catch (FileException failure) when (failure.Code != Errno.EPIPE)
        {
            search.Failed = true;
            if (!call.Has('s'))
            {
                await call.ComplainAsync($"{path}: {failure.Message}");
            }
        }
    }

}
