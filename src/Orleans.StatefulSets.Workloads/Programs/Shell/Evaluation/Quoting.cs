using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>Quotes texts so that a shell reads them back.</summary>
internal static class Quoting
{
    /// <summary>In single quotes, but for single quotes themselves, which stand in double ones.</summary>
    public static string Always(string text)
    {
        var quoted = new StringBuilder();
        var at = 0;
        do
        {
            var quote = text.IndexOf('\'', at);
            var end = quote < 0 ? text.Length : quote;
            quoted.Append('\'').Append(text, at, end - at).Append('\'');
            at = end;
            while (at < text.Length && text[at] == '\'')
            {
                at++;
            }

            if (at > end)
            {
                quoted.Append('"').Append(text, end, at - end).Append('"');
            }
        }
        while (at < text.Length);
        return quoted.ToString();
    }

    /// <summary>In single quotes where the text has anything that a shell would not leave as it is.</summary>
    public static string Maybe(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':' or ',' or '+' or '@' or '%') ? text : Always(text);
}
