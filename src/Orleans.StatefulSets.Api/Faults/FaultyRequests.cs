using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Grains.Faults;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Faults;

/// <summary>
/// Lets Faults happen to requests for resources, before they take a seat: those that are delayed keep nobody else from being served.
/// Requests for Faults are never hit, so that one can always be lifted.
/// </summary>
internal sealed class FaultyRequests(IRequestFaults faults, ClusterClock clock, ApiOptions options)
{
    private int delayed;

    /// <exception cref="ApiException">The refusal that a Fault wants, or 429: too many requests are delayed already.</exception>
    public ValueTask MeetAsync(HttpRequest request, ResourcePath path, bool isWatch, CancellationToken cancellation) =>
        !faults.Any || path.Kind == ResourceKinds.Faults ? ValueTask.CompletedTask : MeetAsync(Of(request, path, isWatch), cancellation);

    private async ValueTask MeetAsync(FaultedRequest request, CancellationToken cancellation)
    {
        if (await faults.DelayOfAsync(request) is { Ticks: > 0 } delay)
        {
            await DelayAsync(delay, cancellation);
        }

        if (await faults.RefusalOfAsync(request) is { } refusal)
        {
            throw refusal;
        }
    }

    private async Task DelayAsync(TimeSpan delay, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref delayed) > options.MaxRequestsQueued)
            {
                throw ApiErrors.TooManyRequests("Too many requests, please try again later.", retryAfterSeconds: 1);
            }

            await clock.WaitUntilAsync(clock.Now + delay, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref delayed);
        }
    }

    private static FaultedRequest Of(HttpRequest request, ResourcePath path, bool isWatch) => new(
        VerbOf(request.Method, path, isWatch),
        path.Subresource.Length == 0 ? path.Served.Plural : $"{path.Served.Plural}/{path.Subresource}",
        path.Served.Group,
        path.Namespace,
        path.Name,
        request.Headers.UserAgent.ToString());

    // apiserver's RequestInfoFactory.
    private static string VerbOf(string method, ResourcePath path, bool isWatch) => method switch
    {
        "GET" or "HEAD" => isWatch ? "watch" : path.IsCollection ? "list" : "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => path.IsCollection ? "deletecollection" : "delete",
        _ => "",
    };
}
