using System.Globalization;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>A configuration that answers.</summary>
/// <param name="config">The configuration.</param>
/// <param name="logs">Its log files.</param>
/// <param name="workers">The connections of the workers, to be counted.</param>
internal sealed class NginxSite(NginxConfig config, NginxLogs logs, Func<IEnumerable<Connections>> workers) : IHttpSite
{
    private long requests;

    public NginxConfig Config => config;

    public HttpLimits Limits => config.Limits;

    public ValueTask<HttpResponse?> AnswerAsync(HttpRequest request)
    {
        requests++;
        var exchange = Begin(request);
        return exchange.RunAsync(IsTls(exchange) ? new Turn.Fail(NginxPages.PlainOnTls) : new Turn.Begin());
    }

    public HttpResponse? Refuse(HttpRequest request, HttpFault fault)
    {
        var exchange = request.Kept as NginxExchange ?? Begin(request);
        var status = fault switch
        {
            HttpFault.LineTooLong => 414,
            HttpFault.HeadersTooLong => NginxPages.HeadersTooLarge,
            HttpFault.BodyTooLong => 413,
            HttpFault.UnknownVersion => 505,
            HttpFault.UnknownCoding => 501,
            _ => 400,
        };

        // What was too bare or broken for a version is still answered in HTTP/1.1.
        request.Minor = Math.Max(request.Minor, 0);
        return NginxPages.Of(status, exchange.Settings, config.Version);
    }

    public IEnumerable<string> HeadOf(HttpRequest request, HttpResponse response)
    {
        var settings = ((NginxExchange)request.Kept!).Settings;
        yield return $"HTTP/1.1 {response.Status} {response.Reason ?? NginxPages.Reason(response.Status)}";
        yield return $"Server: {NginxPages.Server(settings, config.Version)}";
        yield return $"Date: {HttpResponse.DateText(request.Process.Container.Clock.GetUtcNow().UtcDateTime)}";
        if (response.ContentType is { } type && response.Status is not (204 or 304))
        {
            yield return $"Content-Type: {type}";
        }

        if (response.Length is { } length)
        {
            yield return $"Content-Length: {length}";
        }

        if (response.Modified is { } modified)
        {
            yield return $"Last-Modified: {HttpResponse.DateText(modified)}";
        }

        if (response.Location is { } location)
        {
            yield return $"Location: {location}";
        }

        if (response.IsChunked)
        {
            yield return "Transfer-Encoding: chunked";
        }

        yield return response.KeepsOpen ? "Connection: keep-alive" : "Connection: close";
        if (response.Tag is { } tag)
        {
            yield return $"ETag: {tag}";
        }

        foreach (var (name, value) in response.Headers)
        {
            yield return $"{name}: {value}";
        }

        if (response.TakesRanges)
        {
            yield return "Accept-Ranges: bytes";
        }
    }

    public async ValueTask LogAsync(HttpRequest request, int status, long sent)
    {
        var exchange = request.Kept as NginxExchange ?? Begin(request);
        foreach (var log in exchange.Settings.AccessLogs)
        {
            string? Value(string name) => name switch
            {
                "status" => status.ToString("000", CultureInfo.InvariantCulture),
                "body_bytes_sent" or "bytes_sent" => sent.ToString(CultureInfo.InvariantCulture),
                _ => exchange.Value(name),
            };
            await logs.WriteAsync(log.Path, log.Format.Of(name => Escaped(Value(name), log.Escape)));
        }
    }

    /// <summary>Says an error with what it is about.</summary>
    public ValueTask ComplainAsync(NginxExchange exchange, LogLevel level, string text, string? upstream = null)
    {
        var request = exchange.Request;
        var about = $", client: {request.Client}, server: {exchange.Server.Name}, request: \"{request.Line}\"{(upstream is null ? "" : $", upstream: \"{upstream}\"")}{(request.Header("Host") is { } host ? $", host: \"{host}\"" : "")}{(request.Header("Referer") is { } referrer ? $", referrer: \"{referrer}\"" : "")}";
        return logs.ComplainAsync(exchange.Settings.ErrorLog ?? config.ErrorLog, level, request.Process, $"*{request.Connection} {text}{about}");
    }

    /// <summary>How busy the workers are.</summary>
    public Turn Status()
    {
        var all = workers().ToList();
        var (active, accepted) = (all.Sum(worker => worker.Count), all.Sum(worker => worker.Accepted));
        return new Turn.Answer(HttpResponse.OfText(
            200, "text/plain", $"Active connections: {active} \nserver accepts handled requests\n {accepted} {accepted} {requests} \nReading: 0 Writing: 1 Waiting: {Math.Max(0, active - 1)} \n"));
    }

    private NginxExchange Begin(HttpRequest request)
    {
        var (server, by) = ServerSearch.Find(config, request);
        var exchange = new NginxExchange(this, request, server);
        _ = by?.Regex is { } pattern && exchange.Matches(pattern, request.Host);
        request.Kept = exchange;
        return exchange;
    }

    private static bool IsTls(NginxExchange exchange) => exchange.Server.Listens.Any(listen => listen.Port == exchange.Request.Port && listen.IsTls);

    private static string Escaped(string? value, string escape) => escape switch
    {
        "json" => value is null ? "" : System.Text.Json.JsonEncodedText.Encode(value, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        "none" => value ?? "",
        _ => value is null or "" ? "-" : HttpRequest.Logged(value),
    };
}
