namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>The words that mean something where a command may begin.</summary>
internal static class Keywords
{
    private static readonly HashSet<string> All =
    [
        "!", "case", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "in", "then", "until", "while", "{", "}",
    ];

    private static readonly HashSet<string> Ending = ["do", "done", "elif", "else", "esac", "fi", "then", "}"];

    /// <summary>Whether it is one.</summary>
    public static bool Has(string? word) => word is not null && All.Contains(word);

    /// <summary>Whether a list of commands ends before it.</summary>
    public static bool EndsList(string? word) => word is not null && Ending.Contains(word);
}

/// <summary>What names may look like.</summary>
internal static class Names
{
    /// <summary>Whether a name may begin with it.</summary>
    public static bool Begins(char c) => c is '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    /// <summary>Whether it may stand in a name.</summary>
    public static bool Continues(char c) => Begins(c) || char.IsAsciiDigit(c);

    /// <summary>Whether a text is a variable's name.</summary>
    public static bool IsName(string text) => text.Length > 0 && Begins(text[0]) && text.All(Continues);

    /// <summary>How many characters from an index on are a name; 0 for none.</summary>
    public static int LengthAt(string text, int index)
    {
        var end = index;
        if (end < text.Length && Begins(text[end]))
        {
            end++;
            while (end < text.Length && Continues(text[end]))
            {
                end++;
            }
        }

        return end - index;
    }
}
