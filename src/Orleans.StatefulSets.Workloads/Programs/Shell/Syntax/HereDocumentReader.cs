using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>Reads the text of a here-document, which stands behind the line that asks for it.</summary>
internal static class HereDocumentReader
{
    public static Word Read(Lexer lexer, Redirection redirection)
    {
        var delimiter = DelimiterOf(redirection.Target);
        var isLiteral = redirection.Target.HasQuotes;
        var dropsTabs = redirection.Kind == RedirectionKind.HereDocumentWithoutTabs;
        var firstLine = lexer.Line;
        var text = new StringBuilder();
        while (!lexer.IsAtEnd)
        {
            var line = Line(lexer, dropsTabs);
            if (line == delimiter)
            {
                return ToWord(text.ToString(), isLiteral, firstLine, lexer.Depth);
            }

            text.Append(line);
            if (lexer.Text[lexer.At - 1] == '\n')
            {
                text.Append('\n');
            }
        }

        // ash takes what there is where the delimiter is missing; on a terminal more may come.
        return lexer.MoreMayCome
            ? throw new ShellSyntaxException("unexpected end of file", lexer.Line, isEndOfText: true)
            : ToWord(text.ToString(), isLiteral, firstLine, lexer.Depth);
    }

    /// <summary>The delimiter's text: quotes off, nothing expanded.</summary>
    private static string DelimiterOf(Word word)
    {
        var text = new StringBuilder();
        foreach (var part in word.Parts)
        {
            text.Append(part switch
            {
                LiteralPart literal => literal.Text,
                QuotedPart quoted => DelimiterOf(new Word(quoted.Parts)),
                ParameterPart parameter => "$" + parameter.Name,
                _ => "",
            });
        }

        return text.ToString();
    }

    private static string Line(Lexer lexer, bool dropsTabs)
    {
        if (dropsTabs)
        {
            while (lexer.Current == '\t')
            {
                lexer.At++;
            }
        }

        var end = lexer.Text.IndexOf('\n', lexer.At);
        var line = end < 0 ? lexer.Text[lexer.At..] : lexer.Text[lexer.At..end];
        lexer.At = end < 0 ? lexer.Text.Length : end + 1;
        lexer.Line++;
        return line;
    }

    private static Word ToWord(string text, bool isLiteral, int firstLine, int depth) =>
        isLiteral ? new Word([new LiteralPart(text, true)]) : new WordReader(new Lexer(text, firstLine, depth)).ReadHereDocument();
}
