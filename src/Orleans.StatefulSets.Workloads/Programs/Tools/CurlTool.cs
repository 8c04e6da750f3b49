using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>curl: requests URLs through the pod's network, with curl's exit codes.</summary>
internal sealed class CurlTool() : Tool(
    "sSfo:OIivX:d:H:Lw:km:C:u:A:e:G4#T: silent=s show-error=S fail=f output=o remote-name=O head=I include=i verbose=v request=X data=d data-raw=d data-binary=d header=H location=L"
        + " write-out=w insecure=k max-time=m connect-timeout=C user=u user-agent=A get=G referer=e progress-bar=#",
    "[options...] <url>",
    "curl")
{
    private const int MostRedirects = 50;

    protected override int Misused => 2;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            call.Status = 2;
            await call.Process.ComplainAsync("curl: no URL specified!\ncurl: try 'curl --help' or 'curl --manual' for more information\n");
            return;
        }

        foreach (var url in call.Operands)
        {
            var report = new CurlReport();
            var failed = await FetchAsync(call, url, report);
            await (call.Value('w') is { } format ? call.WriteAsync(report.Format(format)) : default);
            await call.FlushAsync();
            if (failed is { } failure)
            {
                call.Status = failure.Code;
                await (call.Has('s') && !call.Has('S') ? default : call.Process.ComplainAsync($"curl: ({failure.Code}) {failure.Text}\n"));
            }
        }
    }

    private static async ValueTask<(int Code, string Text)?> FetchAsync(ToolCall call, string url, CurlReport report)
    {
        var most = call.Value('m') is { } text ? SleepTool.Seconds(text) : 0;
        var started = call.Clock.GetTimestamp();
        try
        {
            return await NetworkCall.WithinAsync(call, most, cancellation => FollowAsync(call, url, report, cancellation));
        }
        catch (FileException failure) when (failure.Code == Errno.ETIMEDOUT)
        {
            return (28, $"Operation timed out after {(int)call.Clock.GetElapsedTime(started).TotalMilliseconds} milliseconds with 0 bytes received");
        }
        catch (FileException failure) when (failure.Code is Errno.ECONNRESET or Errno.EPIPE && call.Process.Signal == 0)
        {
            return (56, $"Recv failure: {failure.Message}");
        }
        catch (FileException failure) when (failure.Code is Errno.ENOSPC or Errno.EACCES or Errno.ENOENT or Errno.EISDIR or Errno.EROFS or Errno.EFBIG)
        {
            return (23, "Failure writing output to destination");
        }
    }

    private static async ValueTask<(int Code, string Text)?> FollowAsync(ToolCall call, string url, CurlReport report, CancellationToken cancellation)
    {
        if (HttpAddress.Parse(url) is not { } address)
        {
            return (3, "URL using bad/illegal format or missing URL");
        }

        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            if (address.Scheme != "http")
            {
                return address.Scheme == "https" ? (35, "TLS is not emulated") : (1, $"Protocol \"{address.Scheme}\" not supported");
            }

            report.Url = $"{address.Scheme}://{address.Authority}{address.Path}";
            var (connection, failure) = await ConnectAsync(call, address, report, cancellation);
            if (connection is null)
            {
                return failure;
            }

            var exchange = new CurlExchange(call, new HttpExchange(call, connection), address, report);
            try
            {
                var (next, ended) = await exchange.RunAsync(url);
                if (next is null)
                {
                    return ended;
                }

                address = next;
            }
            finally
            {
                await connection.CloseAsync();
            }
        }

        return (47, $"Maximum ({MostRedirects}) redirects followed");
    }

    private static async ValueTask<(IOpenFile? Connection, (int Code, string Text)? Failure)> ConnectAsync(ToolCall call, HttpAddress address, CurlReport report, CancellationToken cancellation)
    {
        var addresses = await NetworkCall.ResolveAsync(call, address.Host, cancellation);
        if (addresses.Count == 0)
        {
            return (null, (6, $"Could not resolve host: {address.Host}"));
        }

        report.Remote = addresses[0].ToString();
        var started = call.Clock.GetTimestamp();
        var most = call.Value('C') is { } text ? SleepTool.Seconds(text) : 0;
        await CurlExchange.SayAsync(call, $"*   Trying {addresses[0]}:{address.Port}...\n");
        try
        {
            var connection = await NetworkCall.WithinAsync(call, most, within => ConnectAsync(call, addresses[0], address.Port, within, cancellation));
            await CurlExchange.SayAsync(call, $"* Connected to {address.Host} ({addresses[0]}) port {address.Port} (#0)\n");
            return (connection, null);
        }
        catch (FileException failure) when (failure.Code == Errno.ETIMEDOUT && !cancellation.IsCancellationRequested)
        {
            return (null, (28, most > 0 ? $"Connection timed out after {(int)call.Clock.GetElapsedTime(started).TotalMilliseconds} milliseconds" : $"Failed to connect to {address.Host} port {address.Port}: Connection timed out"));
        }
        catch (FileException failure) when (failure.Code != Errno.ETIMEDOUT)
        {
            var took = (int)call.Clock.GetElapsedTime(started).TotalMilliseconds;
            return (null, (7, $"Failed to connect to {address.Host} port {address.Port} after {took} ms: {(failure.Code == Errno.ECONNREFUSED ? "Couldn't connect to server" : failure.Message)}"));
        }
    }

    private static async ValueTask<IOpenFile> ConnectAsync(ToolCall call, System.Net.IPAddress address, int port, CancellationToken within, CancellationToken whole)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(within, whole);
        return await NetworkCall.ConnectAsync(call, address, port, both.Token);
    }
}
