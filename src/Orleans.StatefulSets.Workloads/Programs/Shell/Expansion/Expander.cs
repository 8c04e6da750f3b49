using System.Text;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;

/// <summary>How the parts of a word are expanded.</summary>
/// <param name="IsQuoted">Inside double quotes.</param>
/// <param name="IsArgument">In the word behind <c>${x:-</c>, where even literals are split.</param>
/// <param name="IsSingle">To one text: nothing is split, and <c>$@</c> is joined.</param>
internal readonly record struct Context(bool IsQuoted = false, bool IsArgument = false, bool IsSingle = false)
{
    /// <summary>The mark of what an expansion brings.</summary>
    public int Mark => IsQuoted ? Marks.Quoted : Marks.Splittable;
}

/// <summary>Makes fields and texts of words (POSIX.1-2017 XCU 2.6).</summary>
internal sealed class Expander
{
    private const int FieldOverhead = 16;
    private readonly Interpreter shell;
    private readonly ParameterExpander parameters;

    public Expander(Interpreter shell)
    {
        this.shell = shell;
        parameters = new ParameterExpander(shell, this);
    }

    /// <summary>The fields of words: expanded, split, patterns replaced by the paths they match.</summary>
    public async ValueTask<List<string>> FieldsAsync(IReadOnlyList<Word> words)
    {
        var fields = new List<string>(words.Count);
        var size = 0L;
        foreach (var word in words)
        {
            if (word.Constant is { } constant)
            {
                fields.Add(constant);
                continue;
            }

            var before = fields.Count;
            await AddFieldsAsync(word, fields);
            for (; before < fields.Count; before++)
            {
                size += fields[before].Length + FieldOverhead;
            }

            Bound(size);
        }

        return fields;
    }

    /// <summary>The text of a word that is neither split nor a pattern: an assignment's value, a redirection's target, a here-document.</summary>
    /// <param name="word">The word.</param>
    /// <param name="isAssignment">Whether <c>~</c> counts behind colons, too.</param>
    public async ValueTask<string> TextAsync(Word word, bool isAssignment = false) =>
        word.Constant ?? Marks.Remove((await ExpandAsync(word, new Context(IsSingle: true), isAssignment)).ToString());

    /// <summary>The pattern that a word is, marked.</summary>
    public async ValueTask<string> PatternAsync(Word word) => (await ExpandAsync(word, new Context(IsSingle: true))).Replace(Marks.Presence.ToString(), "").ToString();

    /// <summary>Appends a word's expansion, marked.</summary>
    public async ValueTask AppendAsync(StringBuilder to, Word word, Context context)
    {
        foreach (var part in word.Parts)
        {
            await AppendAsync(to, part, context);
        }
    }

    /// <summary>Refuses what would be too large.</summary>
    /// <exception cref="FileException">ENOMEM</exception>
    public void Bound(long size)
    {
        if (size + shell.Variables.Bytes > shell.Process.Container.Limits.ProcessBytes)
        {
            throw new FileException(Errno.ENOMEM);
        }
    }

    private async ValueTask AddFieldsAsync(Word word, List<string> fields)
    {
        var marked = await ExpandAsync(word, default);
        if (marked.Length > 4096)
        {
            await shell.Process.StepAsync(marked.Length / 4096);
        }

        foreach (var field in FieldSplitter.Split(marked, shell.Variables.Get("IFS") ?? " \t\n"))
        {
            if (shell.Options.NoGlob || !Pattern.IsActive(field))
            {
                fields.Add(Marks.Remove(field));
                continue;
            }

            var paths = await PathExpander.ExpandAsync(shell.Process, field);
            if (paths.Count == 0)
            {
                fields.Add(Marks.Remove(field));
            }
            else
            {
                fields.AddRange(paths);
            }
        }
    }

    private async ValueTask<StringBuilder> ExpandAsync(Word word, Context context, bool isAssignment = false)
    {
        var marked = new StringBuilder();
        for (var i = 0; i < word.Parts.Count; i++)
        {
            if (word.Parts[i] is LiteralPart { IsQuoted: false } literal && literal.Text.Contains('~'))
            {
                marked.Append(await TildesAsync(literal.Text, i == 0, i == word.Parts.Count - 1, isAssignment));
            }
            else
            {
                await AppendAsync(marked, word.Parts[i], context);
            }
        }

        return marked;
    }

    private async ValueTask AppendAsync(StringBuilder to, WordPart part, Context context)
    {
        switch (part)
        {
            case LiteralPart { Text.Length: 0 }:
                to.Append(Marks.Presence);
                break;
            case LiteralPart literal:
                Marks.Append(to, literal.Text, literal.IsQuoted || context.IsQuoted ? Marks.Quoted : context.IsArgument ? Marks.Splittable : 0);
                break;
            case QuotedPart quoted:
                await AppendQuotedAsync(to, quoted, context);
                break;
            case ParameterPart parameter:
                await parameters.AppendAsync(to, parameter, context);
                break;
            case SubstitutionPart substitution:
                var output = substitution.Commands is null ? "" : await shell.Processes.SubstituteAsync(substitution.Commands);
                shell.SubstitutionStatus ??= 0;
                Marks.Append(to, output, context.Mark);
                break;
            case ArithmeticPart arithmetic:
                var expression = await TextAsync(arithmetic.Expression);
                var value = Arithmetic.Evaluate(expression, shell.Variables);
                Marks.Append(to, value.ToString(System.Globalization.CultureInfo.InvariantCulture), context.Mark);
                break;
            default:
                throw new InvalidOperationException(part.GetType().Name);
        }

        Bound(to.Length * 2L);
    }

    private async ValueTask AppendQuotedAsync(StringBuilder to, QuotedPart quoted, Context context)
    {
        var before = to.Length;
        foreach (var part in quoted.Parts)
        {
            await AppendAsync(to, part, context with { IsQuoted = true });
        }

        // "$@" of no parameters is no field at all; any other empty quotes are one.
        if (to.Length == before && !quoted.Parts.Any(part => part is ParameterPart { Name: "@" }))
        {
            to.Append(Marks.Presence);
        }
    }

    private async ValueTask<string> TildesAsync(string text, bool isFirst, bool isLast, bool isAssignment)
    {
        var result = new StringBuilder();
        var segments = isAssignment ? text.Split(':') : [text];
        for (var i = 0; i < segments.Length; i++)
        {
            result.Append(i == 0 ? "" : ":");
            var segment = segments[i];
            var slash = segment.IndexOf('/');
            var isWhole = slash >= 0 || i < segments.Length - 1 || isLast;
            if (!segment.StartsWith('~') || !isWhole || (i == 0 && !isFirst))
            {
                result.Append(segment);
                continue;
            }

            var user = slash < 0 ? segment[1..] : segment[1..slash];
            if (await HomeAsync(user) is { } home)
            {
                Marks.Append(result, home, Marks.Quoted);
                result.Append(slash < 0 ? "" : segment[slash..]);
            }
            else
            {
                result.Append(segment);
            }
        }

        return result.ToString();
    }

    private async ValueTask<string?> HomeAsync(string user)
    {
        if (user.Length == 0)
        {
            return shell.Variables.Get("HOME");
        }

        try
        {
            var accounts = await shell.Process.Container.Files.ReadAllAsync(shell.Process.Caller, "/etc/passwd", 1 << 20);
            var account = ByteText.FromBytes(accounts).Split('\n').Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 5 && fields[0] == user);
            return account?[5];
        }
        catch (FileException)
        {
            return null;
        }
    }
}
