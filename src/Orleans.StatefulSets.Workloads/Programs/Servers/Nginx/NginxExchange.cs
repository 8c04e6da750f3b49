using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>One request on its way through a server's locations: where it is, and what it has become.</summary>
internal sealed class NginxExchange(NginxSite site, HttpRequest request, NginxServer server)
{
    /// <summary>Redirects inside of the server before it is a cycle.</summary>
    private const int MostChanges = 10;

    private readonly Dictionary<string, string?> values = new(StringComparer.Ordinal);
    private string?[] groups = [];
    private int changes;
    private bool isErrorPage;
    private int? statusInstead;
    private (string Name, string Value)? header;

    public NginxSite Site => site;

    public HttpRequest Request => request;

    public NginxServer Server => server;

    public NginxLocation Location { get; private set; } = server.Root;

    public NginxSettings Settings => Location.Settings;

    public Process Process => request.Process;

    public Caller Caller => request.Process.Caller;

    public FileSystem Files => request.Process.Container.Files;

    /// <summary>The path as it is now.</summary>
    public string Uri { get; set; } = request.Path;

    /// <summary>Whether the path is not what the client sent.</summary>
    public bool HasNewUri { get; private set; }

    public string? Query { get; set; } = request.Query;

    public string Method { get; private set; } = request.Method;

    /// <summary>Whether a redirect inside of the server led here.</summary>
    public bool IsInternal { get; private set; }

    /// <summary>The status that is answered, once there is one.</summary>
    public int Status { get; private set; }

    /// <summary>What upstreams are called by who asked them.</summary>
    public string? UpstreamAddress { get; set; }

    /// <summary>The value of a variable; null where it has none.</summary>
    public string? Value(string name)
    {
        if (name is [>= '0' and <= '9'])
        {
            return groups.ElementAtOrDefault(name[0] - '0');
        }

        return values.TryGetValue(name, out var own) ? own : NginxVariables.Find(name, this);
    }

    public string Text(NginxText text) => text.Of(Value);

    public void Set(string variable, string? value) => values[variable] = value;

    /// <summary>Matches an expression; what its groups hold becomes variables.</summary>
    public bool Matches(NginxPattern pattern, string text)
    {
        if (pattern.Match(text) is not { } match)
        {
            return false;
        }

        groups = match.Groups;
        foreach (var (name, value) in match.Named)
        {
            values[name] = value;
        }

        return true;
    }

    /// <summary>Goes from turn to turn until there is an answer.</summary>
    /// <returns>Null where the connection closes without one.</returns>
    public async ValueTask<HttpResponse?> RunAsync(Turn turn)
    {
        while (true)
        {
            await Process.StepAsync();
            switch (turn)
            {
                case Turn.Answer answer:
                    return await FinishAsync(answer.Response);
                case Turn.Close:
                    Status = 444;
                    return null;
                case Turn.Fail failure:
                    header = failure.Header ?? header;
                    turn = await FailAsync(failure.Status);
                    break;
                case Turn.Begin:
                    Location = server.Root;
                    turn = await RewriteRunner.RunAsync(this, server.Root.Steps) ?? new Turn.Find();
                    break;
                case Turn.Find:
                    turn = LocationSearch.Find(this);
                    break;
                case Turn.Enter enter:
                    Location = enter.Location;
                    turn = await ContentPhases.RunAsync(this);
                    break;
            }
        }
    }

    /// <summary>Goes to another path of the server: what a client sees is not changed.</summary>
    public async ValueTask<Turn> RedirectAsync(string uri, string? query, Turn next)
    {
        if (++changes > MostChanges)
        {
            isErrorPage = true;
            await site.ComplainAsync(this, LogLevel.Error, $"rewrite or internal redirection cycle while processing \"{uri}\"");
            return new Turn.Fail(500);
        }

        (Uri, Query, HasNewUri, IsInternal) = (uri, query, true, true);
        return next;
    }

    private async ValueTask<Turn> FailAsync(int status)
    {
        statusInstead = null;
        var page = isErrorPage ? null : Settings.ErrorPages.FirstOrDefault(page => page.Codes.Contains(status));
        if (page is null)
        {
            return new Turn.Answer(NginxPages.Of(status, Settings, site.Config.Version));
        }

        isErrorPage = true;
        var to = Text(page.Uri);
        if (!to.StartsWith('/') && !to.StartsWith('@'))
        {
            return Redirects.To(this, page.Status is 301 or 302 or 303 or 307 or 308 ? page.Status.Value : 302, to);
        }

        statusInstead = page.Status switch { null => status, 0 => null, var other => other };
        Method = Method == "HEAD" ? Method : "GET";
        if (to.StartsWith('@'))
        {
            return server.Named.TryGetValue(to, out var named) ? await RedirectAsync(Uri, Query, new Turn.Enter(named)) : new Turn.Fail(500);
        }

        var question = to.IndexOf('?', StringComparison.Ordinal);
        return await RedirectAsync(question < 0 ? to : to[..question], question < 0 ? null : to[(question + 1)..], new Turn.Begin());
    }

    private ValueTask<HttpResponse> FinishAsync(HttpResponse response)
    {
        if (statusInstead is { } instead)
        {
            response.Status = instead;
            response.Reason = NginxPages.Reason(instead);
        }

        if (response.Status is not (200 or 204 or 206 or 304))
        {
            response.Modified = null;
            response.TakesRanges = false;
        }

        Status = response.Status;
        if (header is { } extra)
        {
            response.Headers.Add(extra);
        }

        if (Settings.Expires is { } age && response.Status is 200 or 201 or 204 or 206 or 301 or 302 or 303 or 304 or 307 or 308)
        {
            response.Headers.Add(("Expires", HttpResponse.DateText((Process.Container.Clock.GetUtcNow() + age).UtcDateTime)));
            response.Headers.Add(("Cache-Control", $"max-age={(long)age.TotalSeconds}"));
        }

        foreach (var added in Settings.Headers.Where(added => added.Always || response.Status is 200 or 201 or 204 or 206 or 301 or 302 or 303 or 304 or 307 or 308))
        {
            if (Text(added.Value) is { Length: > 0 } value)
            {
                response.Headers.Add((added.Name, value));
            }
        }

        response.ContentType = WithCharset(response.ContentType);
        return new(response);
    }

    private string? WithCharset(string? type) =>
        Settings.Charset is { } charset && type is "text/html" or "text/xml" or "text/plain" or "text/vnd.wap.wml" or "application/javascript" or "application/rss+xml" or "text/css"
            ? $"{type}; charset={Settings.Charset}"
            : type;
}
