namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>Tells assignments from other words.</summary>
internal static class AssignmentReader
{
    /// <summary>The assignment that a word is; null where its first characters are no bare name and equals sign.</summary>
    public static Assignment? Read(Word word)
    {
        if (word.Parts is not [LiteralPart { IsQuoted: false } first, ..])
        {
            return null;
        }

        var length = Names.LengthAt(first.Text, 0);
        if (length == 0 || length >= first.Text.Length || first.Text[length] != '=')
        {
            return null;
        }

        var rest = first.Text[(length + 1)..];
        IReadOnlyList<WordPart> value = rest.Length == 0 ? [.. word.Parts.Skip(1)] : [new LiteralPart(rest, false), .. word.Parts.Skip(1)];
        return new Assignment(first.Text[..length], new Word(value));
    }
}
