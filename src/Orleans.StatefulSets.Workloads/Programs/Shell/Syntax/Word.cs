namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>One word of a command as it is written: its parts in order.</summary>
internal sealed record Word(IReadOnlyList<WordPart> Parts)
{
    /// <summary>What the word says where it is written without any quote or expansion: what keywords, aliases and function names are known by.</summary>
    public string? Bare { get; } = Parts is [LiteralPart { IsQuoted: false } only] ? only.Text : null;

    /// <summary>Whether any part is quoted.</summary>
    public bool HasQuotes => Parts.Any(part => part is QuotedPart or LiteralPart { IsQuoted: true });

    /// <summary>The text that the word always becomes; null where that takes an expansion.</summary>
    public string? Constant { get; } = ConstantOf(Parts);

    private static string? ConstantOf(IReadOnlyList<WordPart> parts)
    {
        foreach (var part in parts)
        {
            if (part is not LiteralPart literal || (!literal.IsQuoted && literal.Text.AsSpan().IndexOfAny("*?[~\\") >= 0))
            {
                return null;
            }
        }

        return string.Concat(parts.Select(part => ((LiteralPart)part).Text));
    }
}

/// <summary>A part of a word.</summary>
internal abstract record WordPart;

/// <summary>Characters that stand for themselves; unquoted ones may be a pattern.</summary>
internal sealed record LiteralPart(string Text, bool IsQuoted) : WordPart;

/// <summary>What stands in double quotes.</summary>
internal sealed record QuotedPart(IReadOnlyList<WordPart> Parts) : WordPart;

/// <summary><c>$name</c> and all that braces make of it.</summary>
/// <param name="Name">A name, a number, or one of <c>@*#?-$!</c>.</param>
/// <param name="Operation">What is done with the value.</param>
/// <param name="OrEmpty">The colon of <c>:-</c>, <c>:=</c>, <c>:?</c>, <c>:+</c>: an empty value counts as none.</param>
/// <param name="First">The operation's word: the other value, the pattern, the offset.</param>
/// <param name="Second">The replacement, or the length.</param>
internal sealed record ParameterPart(string Name, ParameterOperation Operation, bool OrEmpty = false, Word? First = null, Word? Second = null) : WordPart;

/// <summary><c>$(commands)</c> or backquotes.</summary>
internal sealed record SubstitutionPart(Command? Commands) : WordPart;

/// <summary><c>$((expression))</c>.</summary>
internal sealed record ArithmeticPart(Word Expression) : WordPart;

/// <summary>What is done with a parameter's value.</summary>
internal enum ParameterOperation
{
    /// <summary><c>${x}</c></summary>
    Value,

    /// <summary><c>${#x}</c></summary>
    Length,

    /// <summary><c>${x-word}</c></summary>
    Default,

    /// <summary><c>${x=word}</c></summary>
    Assign,

    /// <summary><c>${x?word}</c></summary>
    Demand,

    /// <summary><c>${x+word}</c></summary>
    Alternative,

    /// <summary><c>${x%pattern}</c></summary>
    ShortestSuffix,

    /// <summary><c>${x%%pattern}</c></summary>
    LongestSuffix,

    /// <summary><c>${x#pattern}</c></summary>
    ShortestPrefix,

    /// <summary><c>${x##pattern}</c></summary>
    LongestPrefix,

    /// <summary><c>${x/pattern/text}</c></summary>
    ReplaceFirst,

    /// <summary><c>${x//pattern/text}</c></summary>
    ReplaceAll,

    /// <summary><c>${x:offset:length}</c></summary>
    Substring,
}
