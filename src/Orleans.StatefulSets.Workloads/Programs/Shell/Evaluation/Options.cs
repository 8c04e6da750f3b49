namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>What <c>set</c> turns on and off.</summary>
internal sealed class Options
{
    /// <summary>The options in the order that <c>set -o</c> lists them: long name and letter (NUL where there is none).</summary>
    public static readonly (string Name, char Letter)[] All =
    [
        ("errexit", 'e'), ("noglob", 'f'), ("ignoreeof", 'I'), ("monitor", 'm'), ("noexec", 'n'), ("xtrace", 'x'), ("verbose", 'v'),
        ("noclobber", 'C'), ("allexport", 'a'), ("notify", 'b'), ("nounset", 'u'), ("errtrace", 'E'), ("vi", 'V'), ("pipefail", '\0'),
    ];

    private const string FlagLetters = "VEubaCvxcsnmiIfe";
    private readonly HashSet<string> on = new(StringComparer.Ordinal);

    /// <summary>Letters of what was said on the command line: <c>c</c>, <c>s</c>, <c>i</c>.</summary>
    public HashSet<char> Invocation { get; init; } = [];

    public bool ExitsOnError => on.Contains("errexit");

    public bool NoGlob => on.Contains("noglob");

    public bool NoExecution => on.Contains("noexec");

    public bool Traces => on.Contains("xtrace");

    public bool Echoes => on.Contains("verbose");

    public bool NoClobber => on.Contains("noclobber");

    public bool PipeFails => on.Contains("pipefail");

    public bool IgnoresEnd => on.Contains("ignoreeof");

    public bool this[string name] => on.Contains(name);

    /// <summary>The value of <c>$-</c>.</summary>
    public string Letters => string.Concat(FlagLetters.Where(letter =>
        Invocation.Contains(letter) || All.Any(option => option.Letter == letter && on.Contains(option.Name))));

    /// <summary>Sets one by its letter.</summary>
    /// <returns>Whether there is such an option.</returns>
    public bool Set(char letter, bool value) => Set(All.FirstOrDefault(option => option.Letter == letter && letter != '\0').Name, value);

    /// <summary>Sets one by its name.</summary>
    /// <returns>Whether there is such an option.</returns>
    public bool Set(string? name, bool value)
    {
        if (name is null || !All.Any(option => option.Name == name))
        {
            return false;
        }

        if (value)
        {
            on.Add(name);
        }
        else
        {
            on.Remove(name);
        }

        return true;
    }

    /// <summary>A copy for a child.</summary>
    public Options Fork()
    {
        var child = new Options { Invocation = [.. Invocation] };
        child.on.UnionWith(on);
        return child;
    }
}
