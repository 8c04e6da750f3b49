using System.Globalization;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Small;

/// <summary>agnhost netexec: an HTTP server that tells about itself, and does what it is told.</summary>
internal static class NetExec
{
    public static async ValueTask<int> RunAsync(Process process, int port)
    {
        var exits = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isHealthy = true;
        var started = process.Container.Clock.GetUtcNow();
        var site = new PlainSite(request =>
        {
            switch (request.Path)
            {
                case "/exit":
                    exits.TrySetResult(int.TryParse(request.Parameter("code"), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code & 255 : 0);
                    return new(PlainSite.Say(""));
                case "/healthz":
                    return new(PlainSite.Say("", isHealthy ? 200 : 412));
                case "/disable" or "/unhealthy":
                    isHealthy = false;
                    return new(PlainSite.Say(""));
                default:
                    return new(Answer(request, started));
            }
        });
        await process.ComplainAsync($"Started HTTP server on port {port}\n");
        var serving = new TcpServer(process).RunAsync([port], caller => new HttpConversation(site, caller, process).RunAsync()).AsTask();
        if (await Task.WhenAny(serving, exits.Task) == serving)
        {
            return await serving;
        }

        // The server goes with the process; nobody is answered any more.
        process.SignalHandler?.Invoke(Signals.Terminate);
        await serving;
        return await exits.Task;
    }

    private static HttpResponse Answer(HttpRequest request, DateTimeOffset started)
    {
        switch (request.Path)
        {
            case "/":
                return PlainSite.Say($"NOW: {request.Process.Container.Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.fffffff '+0000 UTC'", CultureInfo.InvariantCulture)}");
            case "/hostname" or "/hostName":
                return PlainSite.Say(request.HostName);
            case "/clientip":
                return PlainSite.Say(request.From.ToString());
            case "/echo":
                var status = int.TryParse(request.Parameter("code"), NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 200 and <= 599 ? code : 200;
                return PlainSite.Say(request.Parameter("msg") ?? "", status);
            case "/header":
                return PlainSite.Say(request.Header(request.Parameter("key") ?? "") ?? "");
            case "/redirect":
                var response = PlainSite.Say("", int.TryParse(request.Parameter("code"), NumberStyles.None, CultureInfo.InvariantCulture, out var how) && how is >= 300 and <= 399 ? how : 302);
                response.Location = request.Parameter("location") ?? "/";
                return response;
            case "/uptime":
                return PlainSite.Say(((long)(request.Process.Container.Clock.GetUtcNow() - started).TotalSeconds).ToString(CultureInfo.InvariantCulture) + "s\n");
            default:
                return PlainSite.Say("404 page not found\n", 404);
        }
    }
}
