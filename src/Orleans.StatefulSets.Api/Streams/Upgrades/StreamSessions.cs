using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.InFlight;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Streams.Upgrades;

/// <summary>The sessions of <c>exec</c>, <c>attach</c> and <c>port-forward</c> that are open at once. An upgraded connection is no longer one of those that the server counts.</summary>
internal sealed class StreamSessions(ApiOptions options)
{
    private const int RetryAfterSeconds = 1;

    private readonly int most = ConnectionLimits.StreamSessions(options);
    private int open;

    /// <summary>How many are open now.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>Takes a place; disposing gives it back.</summary>
    /// <exception cref="ApiException">429: there is none.</exception>
    public IDisposable Take()
    {
        if (Interlocked.Increment(ref open) > most)
        {
            Interlocked.Decrement(ref open);
            throw ApiErrors.TooManyRequests("Too many streaming sessions, please try again later.", RetryAfterSeconds);
        }

        return new Place(this);
    }

    private sealed class Place(StreamSessions sessions) : IDisposable
    {
        private int given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref given, 1) == 0)
            {
                Interlocked.Decrement(ref sessions.open);
            }
        }
    }
}
