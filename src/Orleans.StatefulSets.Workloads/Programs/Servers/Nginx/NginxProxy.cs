using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Hands requests on to other servers of the cluster, through the pod's network.</summary>
internal static class NginxProxy
{
    private const long MostChunkedBody = 8 << 20;
    private static readonly string[] NotHandedOn = ["Host", "Connection", "Keep-Alive", "TE", "Upgrade", "Expect", "Transfer-Encoding", "Content-Length", "Proxy-Connection"];
    private static readonly string[] NotHandedBack = ["Server", "Date", "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Content-Type", "Last-Modified", "ETag", "Location", "X-Accel-Redirect", "X-Accel-Buffering", "X-Accel-Expires", "X-Accel-Charset", "X-Accel-Limit-Rate", "X-Pad"];

    public static async ValueTask<Turn> AnswerAsync(NginxExchange exchange, ProxyTarget target)
    {
        var url = exchange.Text(target.Url);
        var (host, path) = target.Upstream is null ? UpstreamBuilder.Split(url) ?? ("", null) : (target.Host, target.Path);
        var upstream = target.Upstream ?? exchange.Site.Config.Upstreams.GetValueOrDefault(host)
            ?? (host.Length > 0 && await UpstreamBuilder.ResolveAsync(host, exchange.Process) is { } found ? new Upstream(host, found) : null);
        if (upstream is null)
        {
            await exchange.Site.ComplainAsync(exchange, LogLevel.Error, host.Length == 0 ? $"invalid URL prefix in \"{url}\"" : $"{host.Split(':')[0]} could not be resolved (3: Host not found)");
            return new Turn.Fail(host.Length == 0 ? 500 : 502);
        }

        var uri = UriFor(exchange, target, path);
        var body = await BodyAsync(exchange);
        var (connection, failure) = await ConnectAsync(exchange, upstream, uri);
        if (connection is null)
        {
            return failure!;
        }

        var response = new UpstreamResponse(connection);
        try
        {
            using var timer = new CancellationTokenSource(exchange.Settings.ProxyReadTimeout, exchange.Process.Container.Clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, exchange.Request.Ended);
            try
            {
                await response.SendAsync(Head(exchange, uri, host, body), body, both.Token);
                await response.ReadHeadAsync(exchange.Method == "HEAD", both.Token);
            }
            catch (OperationCanceledException) when (timer.IsCancellationRequested && !exchange.Request.Ended.IsCancellationRequested)
            {
                throw new UpstreamException(504, "upstream timed out (110: Connection timed out) while reading response header from upstream");
            }
        }
        catch (UpstreamException broken)
        {
            await response.DisposeAsync();
            await exchange.Site.ComplainAsync(exchange, LogLevel.Error, broken.Message, $"http://{exchange.UpstreamAddress}{uri}");
            return new Turn.Fail(broken.Status);
        }

        return await HandBackAsync(exchange, response, url);
    }

    private static string UriFor(NginxExchange exchange, ProxyTarget target, string? path)
    {
        var query = exchange.Query is null ? "" : $"?{exchange.Query}";
        if (path is not null && target.Upstream is null)
        {
            return path;
        }

        if (path is not null && exchange.Location.Kind is LocationKind.Prefix or LocationKind.StrongPrefix or LocationKind.Exact && exchange.Uri.StartsWith(exchange.Location.Pattern, StringComparison.Ordinal))
        {
            return path + UriPath.Encode(exchange.Uri[exchange.Location.Pattern.Length..]) + query;
        }

        return exchange.HasNewUri || !exchange.Request.Target.StartsWith('/') ? UriPath.Encode(exchange.Uri) + query : exchange.Request.Target;
    }

    /// <summary>A body in chunks is gathered first: HTTP/1.0 knows none.</summary>
    private static async ValueTask<(HttpBody? Stream, byte[]? Bytes)> BodyAsync(NginxExchange exchange)
    {
        var body = exchange.Request.Body;
        if (body.Length is not null)
        {
            return (body.Length > 0 ? body : null, null);
        }

        var most = exchange.Settings.MostBody is > 0 and var said ? Math.Min(said, MostChunkedBody) : MostChunkedBody;
        try
        {
            return (null, await body.ReadAllAsync(most, exchange.Request.Ended));
        }
        catch (HttpFaultException fault)
        {
            var text = fault.Fault == HttpFault.BodyTooLong ? $"client intended to send too large chunked body: {body.Read} bytes" : "client sent invalid chunked body";
            await exchange.Site.ComplainAsync(exchange, LogLevel.Error, text);
            throw;
        }
    }

    private static async ValueTask<(IOpenFile? Connection, Turn? Failure)> ConnectAsync(NginxExchange exchange, Upstream upstream, string uri)
    {
        var status = 502;
        var first = (int)(exchange.Request.Connection % upstream.Servers.Count);
        for (var tried = 0; tried < upstream.Servers.Count; tried++)
        {
            var server = upstream.Servers[(first + tried) % upstream.Servers.Count];
            exchange.UpstreamAddress = server.ToString();
            using var timer = new CancellationTokenSource(exchange.Settings.ProxyConnectTimeout, exchange.Process.Container.Clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, exchange.Request.Ended);
            string text;
            try
            {
                return (await exchange.Process.Container.Network.ConnectAsync(server, both.Token), null);
            }
            catch (FileException failure)
            {
                (status, text) = failure.Code == Errno.ETIMEDOUT ? (504, "upstream timed out (110: Connection timed out)") : (502, $"connect() failed ({(int)failure.Code}: {failure.Message})");
            }
            catch (OperationCanceledException) when (timer.IsCancellationRequested && !exchange.Request.Ended.IsCancellationRequested)
            {
                (status, text) = (504, "upstream timed out (110: Connection timed out)");
            }

            await exchange.Site.ComplainAsync(exchange, LogLevel.Error, $"{text} while connecting to upstream", $"http://{server}{uri}");
        }

        return (null, new Turn.Fail(status));
    }

    private static string Head(NginxExchange exchange, string uri, string host, (HttpBody? Stream, byte[]? Bytes) body)
    {
        var own = exchange.Settings.ProxyHeaders.Select(header => (header.Name, Value: header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase) && header.Value.Variables.Contains("proxy_host") ? host : exchange.Text(header.Value))).ToList();
        var headers = new List<(string Name, string Value)>();
        foreach (var (name, value) in new[] { ("Host", host), ("Connection", "close") })
        {
            if (!own.Exists(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                headers.Add((name, value));
            }
        }

        headers.AddRange(own.Where(header => header.Value.Length > 0));
        if ((body.Stream?.Length ?? body.Bytes?.Length) is { } length)
        {
            headers.Add(("Content-Length", length.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        headers.AddRange(exchange.Request.Headers.Where(header => !NotHandedOn.Contains(header.Name, StringComparer.OrdinalIgnoreCase) && !own.Exists(set => set.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase))));
        return $"{exchange.Method} {uri} HTTP/1.{exchange.Settings.ProxyMinor}\r\n{string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n";
    }

    private static async ValueTask<Turn> HandBackAsync(NginxExchange exchange, UpstreamResponse from, string url)
    {
        if (exchange.Settings.InterceptsErrors && from.Status >= 300 && exchange.Settings.ErrorPages.Any(page => page.Codes.Contains(from.Status)))
        {
            await from.DisposeAsync();
            return new Turn.Fail(from.Status);
        }

        var response = new HttpResponse(from.Status) { Reason = from.Reason, ContentType = from.Header("Content-Type"), Tag = from.Header("ETag"), Modified = HttpResponse.ParseDate(from.Header("Last-Modified")), Content = from };
        response.Headers.AddRange(from.Headers.Where(header => !NotHandedBack.Contains(header.Name, StringComparer.OrdinalIgnoreCase)));
        if (from.Header("Location") is { } location)
        {
            // What the upstream calls by its own URL is called by the location's (proxy_redirect default).
            var isOwn = exchange.Location.Kind is LocationKind.Prefix or LocationKind.StrongPrefix && location.StartsWith(url, StringComparison.Ordinal);
            if (isOwn && Redirects.To(exchange, 302, exchange.Location.Pattern + location[url.Length..]) is Turn.Answer { Response.Location: { } own })
            {
                response.Location = own;
            }
            else
            {
                response.Headers.Add(("Location", location));
            }
        }

        return new Turn.Answer(response);
    }
}

/// <summary>An upstream failed.</summary>
internal sealed class UpstreamException(int status, string message) : Exception(message)
{
    public int Status => status;
}
