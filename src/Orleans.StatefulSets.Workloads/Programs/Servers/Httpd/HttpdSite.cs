using System.Globalization;
using System.Text;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Httpd;

/// <summary>What httpd answers: files, as its workers' user may read them.</summary>
/// <param name="config">The configuration.</param>
/// <param name="version">The version that it says it is.</param>
/// <param name="master">Whose output the log is.</param>
internal sealed class HttpdSite(HttpdConfig config, string version, Process master) : IHttpSite
{
    private const string Allowed = "OPTIONS,HEAD,GET,POST,TRACE";

    public HttpLimits Limits { get; } = new() { LineBytes = 8190, HeadBytes = 8190 * 100, IdleWithin = TimeSpan.FromSeconds(5), HeadWithin = TimeSpan.FromSeconds(40), Requests = 100 };

    public async ValueTask<HttpResponse?> AnswerAsync(HttpRequest request)
    {
        var known = request.Method is "GET" or "HEAD" or "POST" or "OPTIONS" or "PUT" or "DELETE" or "PATCH" or "CONNECT" or "TRACE";
        if (request.Method == "OPTIONS")
        {
            return Allow(new HttpResponse(200));
        }

        if (request.Method is not ("GET" or "HEAD" or "POST"))
        {
            return Allow(Page(request, known ? 405 : 501));
        }

        // A path is never looked at as a directory of names that Apache keeps to itself.
        if (request.Path.Split('/').Any(name => name.StartsWith(".ht", StringComparison.Ordinal)))
        {
            return await FailAsync(request, 403);
        }

        return request.Path.EndsWith('/') ? await DirectoryAsync(request) : await FileAsync(request, request.Path);
    }

    public HttpResponse? Refuse(HttpRequest request, HttpFault fault)
    {
        request.Minor = Math.Max(0, request.Minor);
        return Page(request, fault switch { HttpFault.LineTooLong => 414, HttpFault.UnknownVersion => 505, HttpFault.UnknownCoding => 501, HttpFault.BodyTooLong => 413, _ => 400 }, fault == HttpFault.HeadersTooLong);
    }

    public IEnumerable<string> HeadOf(HttpRequest request, HttpResponse response)
    {
        yield return $"HTTP/1.1 {response.Status} {HttpStatus.Reason(response.Status)}";
        yield return $"Date: {HttpResponse.DateText(request.Process.Container.Clock.GetUtcNow().UtcDateTime)}";
        yield return $"Server: Apache/{version} (Unix)";
        if (response.Location is { } location)
        {
            yield return $"Location: {location}";
        }

        if (response.Modified is { } modified)
        {
            yield return $"Last-Modified: {HttpResponse.DateText(modified)}";
        }

        if (response.Tag is { } tag)
        {
            yield return $"ETag: {tag}";
        }

        if (response.TakesRanges)
        {
            yield return "Accept-Ranges: bytes";
        }

        foreach (var (name, value) in response.Headers)
        {
            yield return $"{name}: {value}";
        }

        if (response.Length is { } length)
        {
            yield return $"Content-Length: {length}";
        }

        if (!response.KeepsOpen)
        {
            yield return "Connection: close";
        }
        else if (request.Minor == 0)
        {
            yield return $"Keep-Alive: timeout={(int)Limits.IdleWithin.TotalSeconds}, max={Limits.Requests}";
            yield return "Connection: Keep-Alive";
        }

        if (response.ContentType is { } type)
        {
            yield return $"Content-Type: {type}";
        }
    }

    public ValueTask LogAsync(HttpRequest request, int status, long sent)
    {
        var time = request.Received.ToString("dd/MMM/yyyy:HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
        var line = $"{request.Client} - {request.User ?? "-"} [{time}] \"{(request.Line.Length == 0 ? "-" : HttpRequest.Logged(request.Line))}\" {status} {(sent == 0 ? "-" : sent.ToString(CultureInfo.InvariantCulture))}\n";
        return WriteAsync(1, line);
    }

    private async ValueTask WriteAsync(int descriptor, string line)
    {
        try
        {
            await master.WriteAsync(descriptor, line);
        }
        catch (FileException)
        {
            // Nobody reads the log.
        }
    }

    private static HttpResponse Allow(HttpResponse response)
    {
        response.Headers.Add(("Allow", Allowed));
        return response;
    }

    private async ValueTask<HttpResponse> DirectoryAsync(HttpRequest request)
    {
        var directory = config.Root + request.Path;
        try
        {
            foreach (var index in config.Index)
            {
                if (await IsFileAsync(request, directory + index))
                {
                    return await FileAsync(request, request.Path + index);
                }
            }

            var node = await request.Process.Container.Files.StatAsync(request.Process.Caller, directory);
            return node.IsDirectory && config.ListsDirectories ? await ListAsync(request, directory) : await FailAsync(request, node.IsDirectory ? 403 : 404);
        }
        catch (FileException failure)
        {
            return await FailAsync(request, failure.Code is Errno.EACCES ? 403 : 404);
        }
    }

    private static async ValueTask<bool> IsFileAsync(HttpRequest request, string path)
    {
        try
        {
            return !(await request.Process.Container.Files.StatAsync(request.Process.Caller, path)).IsDirectory;
        }
        catch (FileException failure) when (failure.Code is Errno.ENOENT)
        {
            return false;
        }
    }

    private async ValueTask<HttpResponse> FileAsync(HttpRequest request, string path)
    {
        var files = request.Process.Container.Files;
        IOpenFile file;
        FileNode node;
        try
        {
            node = await files.StatAsync(request.Process.Caller, config.Root + path);
            if (node.IsDirectory)
            {
                var moved = Page(request, 301);
                moved.Location = LocationOf(request);
                return moved;
            }

            file = await files.OpenAsync(request.Process.Caller, config.Root + path, OpenMode.Read);
        }
        catch (FileException failure)
        {
            return await FailAsync(request, failure.Code is Errno.EACCES ? 403 : 404);
        }

        var tag = $"\"{node.Size:x}-{(node.Modified - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond:x}\"";
        var status = Conditions.Evaluate(request, node.Modified, tag, exact: false);
        var range = status == 200 ? Conditions.RangeOf(request, node.Size, node.Modified, tag) : null;
        if (status == 412 || range is { Length: 0 })
        {
            await file.CloseAsync();
            return Page(request, status == 412 ? 412 : 416);
        }

        if (range is { } part && file is RegularFile seekable)
        {
            seekable.Offset = part.Start;
        }

        var response = new HttpResponse(status == 304 ? 304 : range is null ? 200 : 206)
        {
            Modified = node.Modified,
            Tag = tag,
            TakesRanges = true,
            ContentType = status == 304 ? null : HttpdTypes.Of(path),
            Content = new FilePayload(file, range?.Length ?? node.Size),
        };
        if (range is { } sent)
        {
            response.Headers.Add(("Content-Range", $"bytes {sent.Start}-{sent.Start + sent.Length - 1}/{node.Size}"));
        }

        return response;
    }

    private string LocationOf(HttpRequest request)
    {
        var host = request.Header("Host") ?? $"{config.ServerName ?? request.HostName}{(request.Port == 80 ? "" : $":{request.Port}")}";
        return $"http://{host}{UriPath.Encode(request.Path)}/{(request.Query is null ? "" : $"?{request.Query}")}";
    }

    private async ValueTask<HttpResponse> ListAsync(HttpRequest request, string directory)
    {
        var entries = await request.Process.Container.Files.ListAsync(request.Process.Caller, directory);
        var title = HttpdPages.Escape(request.Path == "/" ? "/" : request.Path.TrimEnd('/'));
        var page = new StringBuilder($"{HttpdPages.ListDoctype}<html>\n <head>\n  <title>Index of {title}</title>\n </head>\n <body>\n<h1>Index of {title}</h1>\n<ul>");
        if (request.Path != "/")
        {
            var parent = request.Path[..(request.Path.TrimEnd('/').LastIndexOf('/') + 1)];
            page.Append($"<li><a href=\"{UriPath.Encode(parent)}\"> Parent Directory</a></li>\n");
        }

        foreach (var (name, node) in entries.Where(entry => !entry.Name.StartsWith('.')))
        {
            var slash = node.IsDirectory ? "/" : "";
            page.Append($"<li><a href=\"{UriPath.Encode(name, strict: true)}{slash}\"> {HttpdPages.Escape(name)}{slash}</a></li>\n");
        }

        return HttpResponse.OfText(200, "text/html;charset=ISO-8859-1", page.Append("</ul>\n</body></html>\n").ToString());
    }

    private async ValueTask<HttpResponse> FailAsync(HttpRequest request, int status)
    {
        if (status == 403)
        {
            var time = request.Process.Container.Clock.GetUtcNow().ToString("ddd MMM dd HH:mm:ss.ffffff yyyy", CultureInfo.InvariantCulture);
            await WriteAsync(2, $"[{time}] [core:error] [pid {request.Process.Id}:tid {request.Process.Id}] (13)Permission denied: [client {request.From}] AH00035: access to {request.Path} denied (filesystem path '{config.Root}{request.Path.TrimEnd('/')}') because search permissions are missing on a component of the path\n");
        }

        return Page(request, status);
    }

    private HttpResponse Page(HttpRequest request, int status, bool headersTooLong = false)
    {
        if (config.ErrorDocuments.GetValueOrDefault(status) is { } text && !text.StartsWith('/') && !text.StartsWith("http", StringComparison.Ordinal))
        {
            return HttpResponse.OfText(status, "text/html; charset=iso-8859-1", text);
        }

        var response = HttpResponse.OfText(status, "text/html; charset=iso-8859-1", HttpdPages.Of(status, request, status is 301 ? LocationOf(request) : "", headersTooLong));
        response.Closes = status is 400 or 413 or 414 or 501;
        return response;
    }
}
