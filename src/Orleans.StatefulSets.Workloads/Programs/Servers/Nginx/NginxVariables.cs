using System.Globalization;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>The variables that nginx makes of a request.</summary>
internal static class NginxVariables
{
    private static readonly HashSet<string> Names = new(
        """
        args arg_ binary_remote_addr body_bytes_sent bytes_sent connection connection_requests content_length content_type document_root document_uri gzip_ratio host hostname http_ https is_args msec nginx_version
        pid pipe proxy_add_x_forwarded_for proxy_host proxy_port proxy_protocol_addr query_string realpath_root remote_addr remote_port remote_user request request_body request_completion request_filename request_id
        request_length request_method request_time request_uri scheme server_addr server_name server_port server_protocol status time_iso8601 time_local uri upstream_addr upstream_response_time upstream_status
        upstream_connect_time upstream_header_time upstream_cache_status upstream_response_length ssl_protocol ssl_cipher limit_rate
        """.Split(null as char[], StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    private static readonly string[] Families = ["arg_", "http_", "cookie_", "sent_http_", "upstream_http_"];

    /// <summary>Whether nginx makes a variable of this name; <c>$1</c> to <c>$9</c> are an expression's.</summary>
    public static bool IsBuiltIn(string name) =>
        name is [>= '0' and <= '9'] || Names.Contains(name) || Array.Exists(Families, family => name.StartsWith(family, StringComparison.Ordinal) && name.Length > family.Length);

    /// <summary>A variable's value; null where it has none.</summary>
    public static string? Find(string name, NginxExchange exchange)
    {
        var request = exchange.Request;
        return OfRequest(name, request) ?? OfServer(name, exchange) ?? OfTime(name, exchange) ?? (exchange.Site.Config.Maps.TryGetValue(name, out var map) ? OfMap(map, exchange)
            : name.StartsWith("http_", StringComparison.Ordinal) ? request.Header(name[5..].Replace('_', '-'))
            : name.StartsWith("arg_", StringComparison.Ordinal) ? Raw(exchange.Query, name[4..])
            : name.StartsWith("cookie_", StringComparison.Ordinal) ? Cookie(request.Header("Cookie"), name[7..])
            : null);
    }

    private static string? OfRequest(string name, HttpRequest request) => name switch
    {
        "request" => request.Line,
        "request_uri" => request.Target,
        "server_protocol" => request.IsBare ? "HTTP/0.9" : $"HTTP/1.{request.Minor}",
        "remote_addr" => request.Client,
        "remote_port" => Number(request.From.Port),
        "remote_user" => request.User,
        "server_port" => Number(request.Port),
        "scheme" => "http",
        "content_length" => request.Header("Content-Length"),
        "content_type" => request.Header("Content-Type"),
        "connection" => Number(request.Connection),
        "hostname" => request.HostName,
        "pid" => Number(request.Process.Id),
        "proxy_add_x_forwarded_for" => request.Header("X-Forwarded-For") is { } before ? $"{before}, {request.Client}" : request.Client,
        "request_length" => Number(request.Line.Length + 2 + request.Headers.Sum(header => header.Name.Length + header.Value.Length + 4) + 2 + request.Body.Read),
        _ => null,
    };

    private static string? OfServer(string name, NginxExchange exchange) => name switch
    {
        "uri" or "document_uri" => exchange.Uri,
        "args" or "query_string" => exchange.Query ?? "",
        "is_args" => exchange.Query is { Length: > 0 } ? "?" : "",
        "request_method" => exchange.Method,
        "host" => exchange.Request.Host is { Length: > 0 } host ? host : exchange.Server.Name,
        "server_name" => exchange.Server.Name,
        "server_addr" => exchange.Process.Container.Network.Address?.ToString() ?? "127.0.0.1",
        "nginx_version" => exchange.Site.Config.Version,
        "document_root" or "realpath_root" => exchange.Text(exchange.Settings.Alias ?? exchange.Settings.Root),
        "request_filename" => StaticFiles.PathOf(exchange, exchange.Uri),
        "status" => exchange.Status == 0 ? null : exchange.Status.ToString("000", CultureInfo.InvariantCulture),
        "proxy_host" => exchange.Location.Proxy?.Host is { Length: > 0 } proxied ? proxied : null,
        "proxy_port" => exchange.Location.Proxy?.Host.Split(':') is [_, var port] ? port : "80",
        "upstream_addr" => exchange.UpstreamAddress,
        "request_completion" => "OK",
        "pipe" => ".",
        _ => null,
    };

    private static string? OfTime(string name, NginxExchange exchange)
    {
        var now = exchange.Process.Container.Clock.GetUtcNow();
        return name switch
        {
            "time_local" => now.ToString("dd/MMM/yyyy:HH:mm:ss '+0000'", CultureInfo.InvariantCulture),
            "time_iso8601" => now.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture),
            "msec" => (now.ToUnixTimeMilliseconds() / 1000.0).ToString("0.000", CultureInfo.InvariantCulture),
            "request_time" => (now - exchange.Request.Received).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture),
            "request_id" => Id(exchange.Request),
            _ => null,
        };
    }

    /// <summary>Chance has nothing to do with it: a request is told apart by its pod, its connection and its moment.</summary>
    private static string Id(HttpRequest request)
    {
        var seed = $"{request.HostName}/{request.Process.Id}/{request.Connection}/{request.Received.UtcTicks}";
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Text.ByteText.ToBytes(seed)).AsSpan(0, 16));
    }

    private static string OfMap(NginxMap map, NginxExchange exchange)
    {
        var source = exchange.Text(map.Source);
        var value = map.Exact.GetValueOrDefault(source.ToLowerInvariant());
        if (value is null)
        {
            // An expression's groups count in the value that it gives.
            value = map.Patterns.FirstOrDefault(pattern => exchange.Matches(pattern.Pattern, source)).Value ?? map.Default;
        }

        return exchange.Text(value);
    }

    private static string? Raw(string? query, string name)
    {
        var pair = (query ?? "").Split('&').FirstOrDefault(pair => pair.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase));
        return pair?[(name.Length + 1)..];
    }

    private static string? Cookie(string? header, string name)
    {
        var pair = (header ?? "").Split(';').Select(pair => pair.Trim()).FirstOrDefault(pair => pair.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase));
        return pair?[(name.Length + 1)..];
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
