namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>Quotes texts so that a shell reads them back.</summary>
internal static class Quoting
{
    /// <summary>In single quotes.</summary>
    public static string Always(string text) => "'" + text.Replace("'", "'\\''") + "'";

    /// <summary>In single quotes where the text has anything that a shell would not leave as it is.</summary>
    public static string Maybe(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':' or ',' or '+' or '@' or '%') ? text : Always(text);
}
