using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Where an http URL points.</summary>
/// <param name="Scheme">http or https.</param>
/// <param name="User">What stands before the @, or null.</param>
/// <param name="Host">A name or address.</param>
/// <param name="Port">The port.</param>
/// <param name="Path">The path with its query, beginning with a slash.</param>
internal sealed record HttpAddress(string Scheme, string? User, string Host, int Port, string Path)
{
    /// <summary>The value of the Host header.</summary>
    public string Authority => Port == (Scheme == "https" ? 443 : 80) ? Host : $"{Host}:{Port}";

    /// <summary>Reads a URL; without a scheme it is http. Null where it is none.</summary>
    public static HttpAddress? Parse(string url)
    {
        var mark = url.IndexOf("://", StringComparison.Ordinal);
        var (scheme, rest) = mark < 0 ? ("http", url) : (url[..mark].ToLowerInvariant(), url[(mark + 3)..]);
        rest = rest.Split('#')[0];
        var end = rest.IndexOfAny(['/', '?']);
        var (authority, path) = end < 0 ? (rest, "/") : (rest[..end], rest[end] == '?' ? "/" + rest[end..] : rest[end..]);
        var at = authority.LastIndexOf('@');
        var (user, host) = at < 0 ? (null, authority) : (authority[..at], authority[(at + 1)..]);
        var colon = host.StartsWith('[') ? host.IndexOf(':', Math.Max(0, host.IndexOf(']'))) : host.LastIndexOf(':');
        var port = scheme == "https" ? 443 : 80;
        if (colon >= 0)
        {
            if (!int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is 0 or > 65_535)
            {
                return null;
            }

            host = host[..colon];
        }

        return host.Length == 0 || host.Contains(' ') ? null : new HttpAddress(scheme, user, host, port, path);
    }

    /// <summary>Where a Location header of this address points.</summary>
    public HttpAddress? Follow(string location)
    {
        if (location.Contains("://", StringComparison.Ordinal))
        {
            return Parse(location);
        }

        return this with { Path = location.StartsWith('/') ? location : Path[..(Path.Split('?')[0].LastIndexOf('/') + 1)] + location };
    }
}
