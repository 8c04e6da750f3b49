using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Interaction;

/// <summary>What a word that is being typed may become.</summary>
internal static class Completion
{
    /// <summary>Names of files, directories with a slash behind; of commands, too, where one is being typed.</summary>
    public static async ValueTask<IReadOnlyList<string>> FindAsync(Interpreter shell, string word, bool isCommand)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        if (isCommand)
        {
            found.UnionWith(BuiltinTable.Names.Concat(shell.Functions.Keys).Concat(shell.Aliases.Keys).Where(name => name.StartsWith(word, StringComparison.Ordinal)));
            foreach (var directory in (shell.Variables.Get("PATH") ?? Execution.DefaultPath).Split(':'))
            {
                found.UnionWith((await NamesAsync(shell, directory, word)).Where(name => !name.EndsWith('/')));
            }

            return [.. found];
        }

        var slash = word.LastIndexOf('/') + 1;
        return [.. (await NamesAsync(shell, slash == 0 ? "." : word[..slash], word[slash..])).Select(name => word[..slash] + name)];
    }

    /// <summary>The longest beginning that all have.</summary>
    public static string CommonOf(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return "";
        }

        var length = names.Min(name => name.Length);
        var first = names[0];
        for (var i = 0; i < length; i++)
        {
            if (names.Any(name => name[i] != first[i]))
            {
                return first[..i];
            }
        }

        return first[..length];
    }

    private static async ValueTask<IEnumerable<string>> NamesAsync(Interpreter shell, string directory, string prefix)
    {
        try
        {
            var entries = await shell.Process.Container.Files.ListAsync(shell.Process.Caller, directory.Length == 0 ? "." : directory);
            await shell.Process.StepAsync(1 + (entries.Count / 16));
            return [.. entries
                .Where(entry => entry.Name is not ("." or "..") && entry.Name.StartsWith(prefix, StringComparison.Ordinal) && (prefix.Length > 0 || entry.Name[0] != '.'))
                .Select(entry => entry.Name + (entry.Node.IsDirectory ? "/" : ""))];
        }
        catch (FileException)
        {
            return [];
        }
    }
}
