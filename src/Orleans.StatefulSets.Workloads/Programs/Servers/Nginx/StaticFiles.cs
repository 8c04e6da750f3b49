using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Answers with files, as the worker's user may read them.</summary>
internal static class StaticFiles
{
    public static async ValueTask<Turn> AnswerAsync(NginxExchange exchange)
    {
        if (exchange.Method is not ("GET" or "HEAD" or "POST"))
        {
            return new Turn.Fail(405);
        }

        return exchange.Uri.EndsWith('/') ? await IndexAsync(exchange) : await FileAsync(exchange);
    }

    /// <summary>Where a path's file is.</summary>
    public static string PathOf(NginxExchange exchange, string uri)
    {
        if (exchange.Settings.Alias is not { } alias)
        {
            return exchange.Text(exchange.Settings.Root).TrimEnd('/') + (uri.StartsWith('/') ? uri : "/" + uri);
        }

        var location = exchange.Location;
        return exchange.Text(alias) + (location.Kind == LocationKind.Regex || !uri.StartsWith(location.Pattern, StringComparison.Ordinal) ? "" : uri[location.Pattern.Length..]);
    }

    private static async ValueTask<Turn> IndexAsync(NginxExchange exchange)
    {
        var directory = PathOf(exchange, exchange.Uri);
        foreach (var index in exchange.Settings.Index.Select(exchange.Text))
        {
            if (index.StartsWith('/'))
            {
                return await exchange.RedirectAsync(index, exchange.Query, new Turn.Begin());
            }

            var (failure, _) = await LookAsync(exchange, directory + index);
            if (failure is null)
            {
                return await exchange.RedirectAsync(exchange.Uri + index, exchange.Query, new Turn.Begin());
            }

            if (!IsMissing(failure))
            {
                return await ForbidAsync(exchange, $"\"{directory}{index}\" is forbidden", failure);
            }

            var (missing, folder) = await LookAsync(exchange, directory);
            if (missing is not null || folder is { IsDirectory: false })
            {
                await exchange.Site.ComplainAsync(exchange, LogLevel.Error, $"\"{directory}{index}\" is not found {Number(missing ?? new FileException(Errno.ENOTDIR))}");
                return new Turn.Fail(404);
            }
        }

        if (exchange.Settings.ListsDirectories && exchange.Method is "GET" or "HEAD")
        {
            return await AutoIndex.AnswerAsync(exchange, directory);
        }

        await exchange.Site.ComplainAsync(exchange, LogLevel.Error, $"directory index of \"{directory}\" is forbidden");
        return new Turn.Fail(403);
    }

    private static async ValueTask<Turn> FileAsync(NginxExchange exchange)
    {
        var path = PathOf(exchange, exchange.Uri);
        IOpenFile? file = null;
        FileNode node;
        try
        {
            node = await exchange.Files.StatAsync(exchange.Caller, path);
            file = node.Kind is FileKind.Regular or FileKind.Directory ? await exchange.Files.OpenAsync(exchange.Caller, path, OpenMode.Read) : null;
        }
        catch (FileException failure)
        {
            return IsMissing(failure) ? await MissAsync(exchange, $"open() \"{path}\" failed", failure) : await ForbidAsync(exchange, $"open() \"{path}\" failed", failure);
        }

        if (node.IsDirectory || file is null)
        {
            await (file?.CloseAsync() ?? default);
            return node.IsDirectory ? Redirects.To(exchange, 301, UriPath.Encode(exchange.Uri) + "/" + (exchange.Query is null ? "" : $"?{exchange.Query}")) : new Turn.Fail(404);
        }

        if (exchange.Method == "POST")
        {
            await file.CloseAsync();
            return new Turn.Fail(405);
        }

        return await SendAsync(exchange, file, node);
    }

    private static async ValueTask<Turn> SendAsync(NginxExchange exchange, IOpenFile file, FileNode node)
    {
        var tag = $"\"{new DateTimeOffset(node.Modified, TimeSpan.Zero).ToUnixTimeSeconds():x}-{node.Size:x}\"";
        var status = exchange.IsInternal && exchange.Request.IsBare ? 200 : Conditions.Evaluate(exchange.Request, node.Modified, tag, exact: true);
        if (status != 200)
        {
            await file.CloseAsync();
            return status == 412
                ? new Turn.Fail(412)
                : new Turn.Answer(new HttpResponse(304) { Reason = NginxPages.Reason(304), Modified = node.Modified, Tag = tag });
        }

        var range = Conditions.RangeOf(exchange.Request, node.Size, node.Modified, tag);
        if (range is { Length: 0 })
        {
            await file.CloseAsync();
            return new Turn.Fail(416) { Header = ("Content-Range", $"bytes */{node.Size}") };
        }

        if (range is { } asked && file is RegularFile seekable)
        {
            seekable.Offset = asked.Start;
        }

        var response = new HttpResponse(range is null ? 200 : 206)
        {
            ContentType = MimeTypes.Of(exchange.Uri, exchange.Settings),
            Modified = node.Modified,
            Tag = tag,
            TakesRanges = range is null,
            Content = new FilePayload(file, range?.Length ?? node.Size),
        };
        response.Reason = NginxPages.Reason(response.Status);
        if (range is { } part)
        {
            response.Headers.Add(("Content-Range", $"bytes {part.Start}-{part.Start + part.Length - 1}/{node.Size}"));
        }

        return new Turn.Answer(response);
    }

    private static async ValueTask<(FileException? Failure, FileNode? Node)> LookAsync(NginxExchange exchange, string path)
    {
        try
        {
            return (null, await exchange.Files.StatAsync(exchange.Caller, path));
        }
        catch (FileException failure)
        {
            return (failure, null);
        }
    }

    private static async ValueTask<Turn> MissAsync(NginxExchange exchange, string text, FileException failure)
    {
        await exchange.Site.ComplainAsync(exchange, LogLevel.Error, $"{text} {Number(failure)}");
        return new Turn.Fail(404);
    }

    internal static async ValueTask<Turn> ForbidAsync(NginxExchange exchange, string text, FileException failure)
    {
        var isDenied = failure.Code is Errno.EACCES or Errno.EPERM or Errno.ELOOP;
        await exchange.Site.ComplainAsync(exchange, isDenied ? LogLevel.Error : LogLevel.Crit, $"{text} {Number(failure)}");
        return new Turn.Fail(isDenied ? 403 : 500);
    }

    private static bool IsMissing(FileException failure) => failure.Code is Errno.ENOENT or Errno.ENOTDIR or Errno.ENAMETOOLONG;

    private static string Number(FileException failure) => $"({(int)failure.Code}: {failure.Message})";
}
