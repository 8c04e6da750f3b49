using Microsoft.AspNetCore.Http;

namespace Orleans.StatefulSets.Api.Writes;

/// <summary><c>Warning: 299 - "text"</c>, which kubectl prints to its user.</summary>
internal static class WriteWarnings
{
    public static void Add(HttpContext http, IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            http.Response.Headers.Append("Warning", $"299 - \"{Quoted(text)}\"");
        }
    }

    // A header holds one line of printable ASCII.
    private static string Quoted(string text) => string.Concat(text
        .Where(letter => letter is >= ' ' and < '\x7f')
        .Select(letter => letter is '"' or '\\' ? $"\\{letter}" : letter.ToString()));
}
