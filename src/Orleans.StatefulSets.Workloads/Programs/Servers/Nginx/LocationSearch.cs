namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Finds a path's location: an exact one, else the longest prefix, unless an expression matches (<c>ngx_http_core_find_location</c>).</summary>
internal static class LocationSearch
{
    public static Turn Find(NginxExchange exchange)
    {
        var (found, _) = Search(exchange, exchange.Server.Root.Inner);
        if (found is not null)
        {
            return new Turn.Enter(found);
        }

        return new Turn.Enter(exchange.Server.Root);
    }

    /// <summary>A prefix that ends with a slash and leads to another server is meant without it, too: the client is sent there.</summary>
    public static Turn? FindWithSlash(NginxExchange exchange)
    {
        var wanted = exchange.Uri + "/";
        var meant = exchange.Server.Root.Inner.FirstOrDefault(location => location.Kind is LocationKind.Prefix or LocationKind.StrongPrefix && location.Pattern == wanted && location.Proxy is not null);
        return meant is null || exchange.Location.Kind == LocationKind.Exact ? null : Redirects.To(exchange, 301, Http.UriPath.Encode(wanted) + (exchange.Query is null ? "" : $"?{exchange.Query}"));
    }

    private static (NginxLocation? Location, bool IsFinal) Search(NginxExchange exchange, IReadOnlyList<NginxLocation> locations)
    {
        var uri = exchange.Uri;
        NginxLocation? prefix = null;
        foreach (var location in locations)
        {
            if (location.Kind == LocationKind.Exact && location.Pattern == uri)
            {
                return (location, true);
            }

            if (location.Kind is LocationKind.Prefix or LocationKind.StrongPrefix && uri.StartsWith(location.Pattern, StringComparison.Ordinal) && location.Pattern.Length >= (prefix?.Pattern.Length ?? 0))
            {
                prefix = location;
            }
        }

        var (inner, isFinal) = prefix is { Inner.Count: > 0 } ? Search(exchange, prefix.Inner) : (null, false);
        if (isFinal)
        {
            return (inner, true);
        }

        if (prefix?.Kind != LocationKind.StrongPrefix)
        {
            foreach (var location in locations.Where(location => location.Kind == LocationKind.Regex && exchange.Matches(location.Regex!, uri)))
            {
                return (Search(exchange, location.Inner).Location ?? location, true);
            }
        }

        return (inner ?? prefix, false);
    }
}
