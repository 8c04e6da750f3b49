using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>wget: fetches a URL through the pod's network.</summary>
internal sealed class WgetTool() : Tool(
    "cqSO:o:P:U:T:Y:t:bsH:D:F:k spider=s header=H post-data=D post-file=F no-check-certificate=k quiet=q timeout=T output-document=O user-agent=U server-response=S",
    "[-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]\n\t[--post-data STR | --post-file FILE] [-Y on/off]\n\t[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...",
    "wget")
{
    private const int MostRedirects = 5;
    private const double DefaultTimeout = 900;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        var seconds = call.Value('T') is { } text ? SleepTool.Seconds(text) : DefaultTimeout;
        foreach (var url in call.Operands)
        {
            try
            {
                await NetworkCall.WithinAsync(call, seconds, cancellation => FetchAsync(call, url, cancellation));
            }
            catch (FileException failure) when (failure.Code == Errno.ETIMEDOUT)
            {
                throw new UsageException("download timed out", withUsage: false);
            }
        }
    }

    private static async ValueTask<bool> FetchAsync(ToolCall call, string url, CancellationToken cancellation)
    {
        var address = HttpAddress.Parse(url) ?? throw new UsageException($"bad address '{url}'", withUsage: false);
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            if (address.Scheme != "http")
            {
                throw new UsageException(address.Scheme == "https" ? "can't connect: TLS is not emulated" : $"not an http or ftp url: {url}", withUsage: false);
            }

            var exchange = await ConnectAsync(call, address, cancellation);
            try
            {
                await RequestAsync(call, exchange, address);
                if (call.Has('S'))
                {
                    await ShowAsync(call, exchange);
                }

                if (exchange.Status is 301 or 302 or 303 or 307 or 308 && exchange.Header("Location") is { } location)
                {
                    address = address.Follow(location) ?? throw new UsageException($"bad redirection: {location}", withUsage: false);
                    continue;
                }

                if (exchange.Status is < 200 or > 206)
                {
                    throw new UsageException($"server returned error: {exchange.StatusLine}", withUsage: false);
                }

                await SaveAsync(call, exchange, address);
                return true;
            }
            finally
            {
                await exchange.CloseAsync();
            }
        }

        throw new UsageException("too many redirections", withUsage: false);
    }

    private static async ValueTask<HttpExchange> ConnectAsync(ToolCall call, HttpAddress address, CancellationToken cancellation)
    {
        var found = await NetworkCall.ResolveAsync(call, address.Host, cancellation);
        if (found.Count == 0)
        {
            throw new UsageException($"bad address '{address.Authority}'", withUsage: false);
        }

        if (!call.Has('q'))
        {
            await call.Process.ComplainAsync($"Connecting to {address.Authority} ({found[0]}:{address.Port})\n");
        }

        try
        {
            return new HttpExchange(call, await NetworkCall.ConnectAsync(call, found[0], address.Port, cancellation));
        }
        catch (FileException failure) when (failure.Code != Errno.ETIMEDOUT)
        {
            throw new UsageException($"can't connect to remote host ({found[0]}): {failure.Message}", withUsage: false);
        }
    }

    private static async ValueTask RequestAsync(ToolCall call, HttpExchange exchange, HttpAddress address)
    {
        var body = call.Value('D') ?? (call.Value('F') is { } path ? await call.ReadAllAsync(path) : null);
        List<string> headers = [$"Host: {address.Authority}", $"User-Agent: {call.Value('U') ?? "Wget"}", "Connection: close"];
        headers.AddRange(call.Options.Values('H'));
        if (address.User is { } user)
        {
            headers.Add(HttpExchange.Basic(user));
        }

        if (body is not null)
        {
            headers.AddRange([$"Content-Length: {body.Length}", "Content-Type: application/x-www-form-urlencoded"]);
        }

        await exchange.SendAsync(body is not null ? "POST" : call.Has('s') ? "HEAD" : "GET", address.Path, headers, body);
        if (!await exchange.ReadHeadAsync())
        {
            throw new UsageException("error getting response", withUsage: false);
        }
    }

    private static async ValueTask ShowAsync(ToolCall call, HttpExchange exchange)
    {
        var lines = exchange.Headers.Select(header => $"{header.Name}: {header.Value}").Prepend(exchange.StatusLine);
        await call.Process.ComplainAsync(string.Concat(lines.Select(line => $"  {line}\n")));
    }

    private static async ValueTask SaveAsync(ToolCall call, HttpExchange exchange, HttpAddress address)
    {
        if (call.Has('s'))
        {
            await (call.Has('q') ? default : call.Process.ComplainAsync("remote file exists\n"));
            return;
        }

        var name = ToolCall.LastSegment(address.Path.Split('?')[0]) is { Length: > 0 } last && last != "/" ? last : "index.html";
        var path = call.Value('O') ?? (call.Value('P') is { } folder ? ToolCall.Join(folder, name) : name);
        if (call.Value('O') is null && await call.FindAsync(path) is not null)
        {
            throw new UsageException($"can't open '{path}': File exists", withUsage: false);
        }

        IOpenFile? file = null;
        if (path != "-" && !await call.TryAsync(async () => file = await call.OpenAsync(path, OpenMode.Write | OpenMode.Create | OpenMode.Truncate), error => $"can't open '{path}': {error}"))
        {
            return;
        }

        if (!call.Has('q'))
        {
            await call.Process.ComplainAsync(file is null ? "writing to stdout\n" : $"saving to '{path}'\n");
        }

        var whole = await exchange.ReadBodyAsync(block => file is null ? call.WriteAsync(block) : file.WriteAsync(block, call.Process.Killed));
        await call.FlushAsync();
        if (!whole)
        {
            throw new UsageException("connection closed prematurely", withUsage: false);
        }

        if (!call.Has('q'))
        {
            await call.Process.ComplainAsync($"{path,-20} 100% |********************************|  {(exchange.Header("Content-Length") ?? "").PadLeft(5)}  0:00:00 ETA\n"
                + (file is null ? "written to stdout\n" : $"'{path}' saved\n"));
        }
    }
}
