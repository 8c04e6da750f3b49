using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;

/// <summary>Finds the paths that a pattern matches.</summary>
internal static class PathExpander
{
    /// <summary>The paths in ordinal order; none where nothing matches.</summary>
    public static async ValueTask<IReadOnlyList<string>> ExpandAsync(Process process, string pattern)
    {
        List<string> found = [""];
        var at = 0;
        while (at < pattern.Length && found.Count > 0)
        {
            var slashes = at;
            while (at < pattern.Length && IsSlash(pattern[at]))
            {
                at++;
            }

            var prefix = new string('/', at - slashes);
            var start = at;
            while (at < pattern.Length && !IsSlash(pattern[at]))
            {
                at++;
            }

            found = await StepAsync(process, found, prefix, pattern[start..at], at >= pattern.Length);
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static bool IsSlash(char c) => (c & 0xFF) == '/';

    private static async ValueTask<List<string>> StepAsync(Process process, List<string> found, string prefix, string segment, bool isLast)
    {
        var next = new List<string>();
        foreach (var path in found)
        {
            if (!Pattern.IsActive(segment))
            {
                var whole = path + prefix + Marks.Remove(segment);
                if (!isLast || await ExistsAsync(process, whole))
                {
                    next.Add(whole);
                }

                continue;
            }

            var directory = path + prefix;
            foreach (var name in await NamesAsync(process, directory))
            {
                await process.StepAsync();
                if ((name[0] != '.' || (segment[0] & 0xFF) == '.') && Pattern.Matches(segment, name))
                {
                    next.Add(directory + name);
                }
            }
        }

        return next;
    }

    private static async ValueTask<bool> ExistsAsync(Process process, string path)
    {
        try
        {
            await process.Container.Files.StatAsync(process.Caller, path, follow: false);
            return true;
        }
        catch (FileException)
        {
            return false;
        }
    }

    private static async ValueTask<IEnumerable<string>> NamesAsync(Process process, string directory)
    {
        try
        {
            var names = (await process.Container.Files.ListAsync(process.Caller, directory.Length == 0 ? "." : directory)).Select(entry => entry.Name).ToList();
            return names.Contains(".") ? names : [".", "..", .. names];
        }
        catch (FileException)
        {
            return [];
        }
    }
}
