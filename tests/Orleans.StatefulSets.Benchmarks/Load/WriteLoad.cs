using System.Collections.Concurrent;
using System.Diagnostics;

namespace Orleans.StatefulSets.Benchmarks.Load;

/// <summary>Clients that create ConfigMaps one after another as fast as they are answered, and come back a second after a 429.</summary>
internal sealed class WriteLoad(Uri url, int clients)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentBag<double> accepted = [];
    private int refused;
    private int others;

    /// <summary>Requests that were answered 201.</summary>
    public int Accepted => accepted.Count;

    /// <summary>Answers 429.</summary>
    public int Refused => refused;

    /// <summary>Answers of any other kind.</summary>
    public int Others => others;

    /// <summary>How long the accepted ones took, each from its last sending on, in milliseconds: what 99 of 100 stay below.</summary>
    public double LatencyOf99 => accepted.IsEmpty ? 0 : accepted.Order().ElementAt((int)(accepted.Count * 0.99));

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(string prefix, CancellationToken ending) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(client => RunClientAsync($"{prefix}-{client}", ending)));

    private async Task RunClientAsync(string name, CancellationToken ending)
    {
        using var connection = new RawConnection(url);
        try
        {
            await connection.ConnectAsync(ending);
            for (var at = 0; ; at++)
            {
                var body = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + $"{name}-{at}" + "\"},\"data\":{\"key\":\"value\"}}";
                await CreateAsync(connection, RawConnection.Request(url, "POST", "/api/v1/namespaces/default/configmaps", body), ending);
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    private async Task CreateAsync(RawConnection connection, byte[] request, CancellationToken ending)
    {
        while (true)
        {
            var watch = Stopwatch.StartNew();
            switch (await connection.SendAsync(request, ending))
            {
                case 201:
                    accepted.Add(watch.Elapsed.TotalMilliseconds);
                    return;
                case 429:
                    Interlocked.Increment(ref refused);
                    await Task.Delay(RetryAfter, TimeProvider.System, ending);
                    break;
                default:
                    Interlocked.Increment(ref others);
                    return;
            }
        }
    }
}
