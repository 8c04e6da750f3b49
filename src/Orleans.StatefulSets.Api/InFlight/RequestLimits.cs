using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.InFlight;

/// <summary>
/// How many requests are served at once (apiserver's <c>filters/maxinflight.go</c>): reads and writes apart, long-running ones and health
/// checks not counted. As with API priority and fairness, what is too much waits a moment in a queue before it is refused with 429; its
/// client comes back after <c>Retry-After</c>.
/// </summary>
internal sealed class RequestLimits(ApiOptions options, TimeProvider time)
{
    private const int RetryAfterSeconds = 1;

    // A body is held several times over while it is read, decided on and encoded: a large one counts for many small ones.
    private const int BytesASeat = 64 * 1024;

    private static readonly HashSet<string> LongRunningSubresources = ["attach", "exec", "proxy", "log", "portforward"];

    private readonly SeatPool reads = new(options.MaxRequestsInFlight, options.MaxRequestsQueued, options.QueuePatience, time);
    private readonly SeatPool writes = new(options.MaxMutatingRequestsInFlight, options.MaxRequestsQueued, options.QueuePatience, time);

    /// <summary>Seats that reads have taken now.</summary>
    public int ReadsInFlight => reads.Taken;

    /// <summary>kube-apiserver's <c>BasicLongRunningRequestCheck</c>.</summary>
    public static bool IsLongRunning(ResourcePath path, bool isWatch) => isWatch || LongRunningSubresources.Contains(path.Subresource);

    /// <summary>Waits for a seat.</summary>
    /// <exception cref="ApiException">429: nothing was done for the request.</exception>
    public async ValueTask<Seat> TakeAsync(HttpRequest request, CancellationToken cancellation)
    {
        var (pool, width) = IsRead(request.Method) ? (reads, 1) : (writes, WidthOf(request));
        return await pool.TryTakeAsync(width, cancellation)
            ?? throw ApiErrors.TooManyRequests("Too many requests, please try again later.", RetryAfterSeconds);
    }

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // What is packed, or comes in chunks, may be as large as any body.
    private int WidthOf(HttpRequest request)
    {
        var isOpen = request.Headers.ContentEncoding.Count > 0 || request.Headers.TransferEncoding.Count > 0;
        var bytes = isOpen ? options.MaxBodyBytes : Math.Min(request.ContentLength ?? 0, options.MaxBodyBytes);
        return Math.Min(1 + (int)(bytes / BytesASeat), Math.Max(1, options.MaxMutatingRequestsInFlight / 4));
    }
}
