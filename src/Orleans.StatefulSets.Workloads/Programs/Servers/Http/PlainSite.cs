namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>A small server in the manner of Go's: what it answers is one function, and it notes nothing.</summary>
/// <param name="answer">What it answers.</param>
internal sealed class PlainSite(Func<HttpRequest, ValueTask<HttpResponse>> answer) : IHttpSite
{
    private const string Text = "text/plain; charset=utf-8";

    public HttpLimits Limits { get; } = new() { LineBytes = 65_536, HeadBytes = 1 << 20 };

    /// <summary>A line of text as the answer.</summary>
    public static HttpResponse Say(string text, int status = 200) => HttpResponse.OfText(status, Text, text);

    public async ValueTask<HttpResponse?> AnswerAsync(HttpRequest request) => await answer(request);

    public HttpResponse? Refuse(HttpRequest request, HttpFault fault)
    {
        var status = fault switch
        {
            HttpFault.LineTooLong or HttpFault.HeadersTooLong => 431,
            HttpFault.BodyTooLong => 413,
            HttpFault.UnknownVersion => 505,
            HttpFault.UnknownCoding => 501,
            _ => 400,
        };
        return Say($"{status} {HttpStatus.Reason(status)}", status);
    }

    public IEnumerable<string> HeadOf(HttpRequest request, HttpResponse response)
    {
        yield return $"HTTP/1.1 {response.Status} {response.Reason ?? HttpStatus.Reason(response.Status)}";
        foreach (var (name, value) in response.Headers)
        {
            yield return $"{name}: {value}";
        }

        if (response.Location is { } location)
        {
            yield return $"Location: {location}";
        }

        yield return $"Date: {HttpResponse.DateText(request.Process.Container.Clock.GetUtcNow().UtcDateTime)}";
        if (response.Length is { } length)
        {
            yield return $"Content-Length: {length}";
        }

        if (response.Content is not null)
        {
            yield return $"Content-Type: {response.ContentType ?? Text}";
        }

        if (response.IsChunked)
        {
            yield return "Transfer-Encoding: chunked";
        }

        if (!response.KeepsOpen)
        {
            yield return "Connection: close";
        }
    }

    public ValueTask LogAsync(HttpRequest request, int status, long sent) => default;
}
