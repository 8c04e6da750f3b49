using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;

/// <summary>
/// While words are expanded their characters, which are bytes, carry marks above the byte: what is quoted is no pattern and no separator,
/// and only what an expansion brought is split into fields.
/// </summary>
internal static class Marks
{
    /// <summary>A quoted character.</summary>
    public const int Quoted = 0x100;

    /// <summary>An unquoted character that an expansion brought.</summary>
    public const int Splittable = 0x200;

    /// <summary>Not a character: a quoted nothing stood here, so there is a field even if it is empty.</summary>
    public const char Presence = '\u0400';

    /// <summary>Not a character: a field ends here (between the parameters of <c>$@</c>).</summary>
    public const char Break = '\u0800';

    /// <summary>Appends a text with a mark.</summary>
    public static void Append(StringBuilder to, string text, int mark)
    {
        if (mark == 0)
        {
            to.Append(text);
            return;
        }

        foreach (var c in text)
        {
            to.Append((char)(c | mark));
        }
    }

    /// <summary>The text without its marks.</summary>
    public static string Remove(ReadOnlySpan<char> marked)
    {
        var text = new StringBuilder(marked.Length);
        foreach (var c in marked)
        {
            if (c is not (Presence or Break))
            {
                text.Append((char)(c & 0xFF));
            }
        }

        return text.ToString();
    }
}
