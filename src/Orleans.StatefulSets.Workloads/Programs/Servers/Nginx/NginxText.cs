using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>An argument with variables in it: <c>/data/$host</c>, <c>${uri}x</c>, <c>$1</c>.</summary>
internal sealed class NginxText
{
    private readonly List<(string Text, bool IsVariable)> parts = [];

    private NginxText()
    {
    }

    /// <summary>Whether it has no variable in it.</summary>
    public bool IsPlain => parts.TrueForAll(part => !part.IsVariable);

    /// <summary>Whether it ends with a slash, whatever its variables hold.</summary>
    public bool EndsWithSlash => parts is [.., { IsVariable: false } last] && last.Text.EndsWith('/');

    /// <summary>The names of its variables.</summary>
    public IEnumerable<string> Variables => parts.Where(part => part.IsVariable).Select(part => part.Text);

    /// <summary>Reads one.</summary>
    public static NginxText Parse(string text)
    {
        var parsed = new NginxText();
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var braced = text[at] == '$' && at + 1 < text.Length && text[at + 1] == '{';
            var start = at + (braced ? 2 : 1);
            var end = start;
            while (text[at] == '$' && end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_') && (braced || end == start || !char.IsAsciiDigit(text[start])))
            {
                end++;
            }

            if (text[at] != '$' || end == start || (braced && (end == text.Length || text[end] != '}')))
            {
                literal.Append(text[at++]);
                continue;
            }

            parsed.Add(literal);
            parsed.parts.Add((text[start..end], true));
            at = braced ? end + 1 : end;
        }

        parsed.Add(literal);
        return parsed;
    }

    /// <summary>Its value; a variable without a value is empty.</summary>
    public string Of(Func<string, string?> value) => parts switch
    {
        [] => "",
        [{ IsVariable: false } only] => only.Text,
        _ => string.Concat(parts.Select(part => part.IsVariable ? value(part.Text) : part.Text)),
    };

    private void Add(StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            parts.Add((literal.ToString(), false));
            literal.Clear();
        }
    }
}
