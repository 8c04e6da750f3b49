using System.Globalization;
using System.Text;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Selectors;

/// <summary>Which fields are meant (<c>fieldSelector=</c>), after apimachinery's <c>fields/selector.go</c>.</summary>
public sealed class FieldSelector
{
    private readonly IReadOnlyList<Term> terms;

    private FieldSelector(IReadOnlyList<Term> terms)
    {
        this.terms = terms;
        ExactName = Exactly("metadata.name");
        ExactNamespace = Exactly("metadata.namespace");
    }

    /// <summary>Matches every object.</summary>
    public static FieldSelector Everything { get; } = new([]);

    /// <summary>Whether it asks nothing.</summary>
    public bool IsEmpty => terms.Count == 0;

    /// <summary>How many terms it has: what asking it of one object costs.</summary>
    public int Count => terms.Count;

    /// <summary>The one name that can match, or null where names are open.</summary>
    public string? ExactName { get; }

    /// <summary>The one namespace that can match, or null where namespaces are open.</summary>
    public string? ExactNamespace { get; }

    /// <summary>Parses <c>metadata.name=web-0,status.phase!=Failed</c>; a backslash escapes <c>\</c>, <c>,</c> and <c>=</c> in values.</summary>
    /// <exception cref="ApiException">400 BadRequest: it does not parse, or the kind does not support a label.</exception>
    public static FieldSelector Parse(ResourceKind kind, string text)
    {
        var terms = new List<Term>();
        foreach (var part in Split(text).Where(part => part.Length > 0))
        {
            var term = ParseTerm(part)
                ?? throw ApiErrors.BadRequest($"invalid selector: '{text}'; can't understand '{part}'");
            if (FieldLabels.Complaint(kind, term.Label) is { } complaint)
            {
                throw ApiErrors.BadRequest(complaint);
            }

            terms.Add(term);
        }

        return terms.Count == 0 ? Everything : new FieldSelector(terms);
    }

    /// <summary>Whether an object's fields satisfy every term. Names and namespaces alone cost no decoding.</summary>
    public bool Matches(StoredObject item)
    {
        foreach (var term in terms)
        {
            if ((FieldLabels.ValueOf(item, term.Label) == term.Value) == term.Negated)
            {
                return false;
            }
        }

        return true;
    }

    private string? Exactly(string label) => terms.FirstOrDefault(term => term.Label == label && !term.Negated)?.Value;

    // Commas part the terms, unless escaped.
    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }
            else if (text[at] == ',')
            {
                yield return text[start..at];
                start = at + 1;
            }
        }

        yield return text[start..];
    }

    // The first operator from the left counts, the longest one at its place.
    private static Term? ParseTerm(string term)
    {
        for (var at = 0; at < term.Length; at++)
        {
            var rest = term.AsSpan(at);
            var length = rest.StartsWith("!=") || rest.StartsWith("==") ? 2 : rest[0] == '=' ? 1 : 0;
            if (length > 0)
            {
                return new Term(term[..at], Unescape(term[(at + length)..]), rest[0] == '!');
            }
        }

        return null;
    }

    private static string Unescape(string value)
    {
        if (value.AsSpan().IndexOfAny("\\,=") < 0)
        {
            return value;
        }

        var plain = new StringBuilder(value.Length);
        for (var at = 0; at < value.Length; at++)
        {
            switch (value[at])
            {
                case '\\' when at + 1 < value.Length && value[at + 1] is '\\' or ',' or '=':
                    plain.Append(value[++at]);
                    break;
                case '\\':
                    throw ApiErrors.BadRequest($"invalid field selector: invalid escape sequence: {value.AsSpan(at, Math.Min(2, value.Length - at))}");
                case ',' or '=':
                    throw ApiErrors.BadRequest(string.Create(
                        CultureInfo.InvariantCulture, $"invalid field selector: unescaped character in value: {(int)value[at]}"));
                default:
                    plain.Append(value[at]);
                    break;
            }
        }

        return plain.ToString();
    }

    private sealed record Term(string Label, string Value, bool Negated);
}
