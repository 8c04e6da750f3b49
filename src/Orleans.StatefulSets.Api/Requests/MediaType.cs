using System.Globalization;

namespace Orleans.StatefulSets.Api.Requests;

/// <summary>One media type with its parameters, from an Accept or a Content-Type header.</summary>
internal sealed record MediaType(string Name, IReadOnlyDictionary<string, string> Parameters)
{
    public double Quality =>
        Parameters.TryGetValue("q", out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var quality) ? quality : 1;

    public string Parameter(string name) => Parameters.GetValueOrDefault(name, "");

    public static MediaType Parse(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=');
            if (equals > 0)
            {
                parameters[part[..equals].Trim()] = part[(equals + 1)..].Trim().Trim('"');
            }
        }

        return new MediaType(parts[0].ToLowerInvariant(), parameters);
    }

    /// <summary>The types of an Accept header, best first; the order of writing decides between equals.</summary>
    public static IReadOnlyList<MediaType> ParseAccept(string header) =>
        [.. header.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Parse).OrderByDescending(type => type.Quality)];
}
