using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Orleans.StatefulSets.Cli.Balancing;

/// <summary>
/// Sends a request that surely reached no server to another one, each at most once. Between a server's death and the probe that finds it
/// out no client notices.
/// </summary>
internal static class SecondChance
{
    public static async Task ForwardAsync(HttpContext http, RequestDelegate forward)
    {
        var proxy = http.GetReverseProxyFeature();
        var untried = proxy.AvailableDestinations;
        while (true)
        {
            await forward(http);
            var failure = http.Features.Get<IForwarderErrorFeature>();
            if (failure is null || !ForwardingFailure.IsOfServer(failure) || http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            http.Response.Clear();
            if (!ForwardingFailure.ReachedNobody(failure))
            {
                await Refusal.OutcomeUnknown.AnswerAsync(http);
                return;
            }

            untried = [.. untried.Where(server => server != proxy.ProxiedDestination)];
            if (untried.Count == 0)
            {
                await Refusal.NobodyThere.AnswerAsync(http);
                return;
            }

            http.Features.Set<IForwarderErrorFeature>(null);
            proxy.AvailableDestinations = untried;
        }
    }
}
