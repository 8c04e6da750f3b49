using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Api.Streams.Spdy;
using Orleans.StatefulSets.Api.Streams.Upgrades;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Streams.PortForwards;

/// <summary>
/// <c>port-forward</c> over SPDY/3.1 (<c>portforward.k8s.io</c>): for each connection the client opens two streams, one for failures and
/// one for the bytes, that bear the same <c>requestid</c>.
/// </summary>
internal sealed class SpdyPortForward(SpdyConnection connection, IPodStreams pods, ObjectKey pod, TimeProvider wall, ILogger logger)
{
    // Upstream: DefaultStreamCreationTimeout.
    private static readonly TimeSpan PairPatience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Pair> pairs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Pair, Task> running = [];

    /// <summary>Forwards until the client goes.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(connection.Gone, cancellation);
        var reading = connection.RunAsync(ending.Token);
        try
        {
            await foreach (var stream in connection.Opened.ReadAllAsync(ending.Token))
            {
                await TakeAsync(stream, ending.Token);
            }
        }
        catch (Exception failure) when (ending.IsCancellationRequested || ConnectionEnd.Is(failure))
        {
            // The client has gone, or the server stops.
        }

        await ending.CancelAsync();
        await reading;
        await Task.WhenAll(running.Values);
    }

    private async Task TakeAsync(SpdyStream stream, CancellationToken ending)
    {
        var type = stream.Headers.GetValueOrDefault("streamtype", "");
        if (type is not ("error" or "data") || PortOf(stream) is null)
        {
            await stream.ResetAsync(ending);
            return;
        }

        var id = stream.Headers.GetValueOrDefault("requestid", "");
        if (id.Length == 0)
        {
            // Clients from before there were ids open the stream of a pair's bytes right behind that of its failures.
            id = (type == "error" ? stream.Id : stream.Id - 2).ToString(CultureInfo.InvariantCulture);
        }

        if (!pairs.TryGetValue(id, out var pair))
        {
            pair = pairs[id] = new Pair(id);
            Start(pair, ending);
        }

        if (!(type == "error" ? pair.Error : pair.Data).TrySetResult(stream))
        {
            await stream.ResetAsync(ending);
            return;
        }

        if (pair.IsComplete)
        {
            pairs.TryRemove(id, out _);
        }
    }

    private void Start(Pair pair, CancellationToken ending)
    {
        var task = ForwardAsync(pair, ending);
        running[pair] = task;
        task.ContinueWith(_ => running.TryRemove(pair, out Task? _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task ForwardAsync(Pair pair, CancellationToken ending)
    {
        try
        {
            var (error, data) = (await pair.Error.Task.WaitAsync(PairPatience, wall, ending), await pair.Data.Task.WaitAsync(PairPatience, wall, ending));
            await new ForwardedConnection(pods, pod, PortOf(data)!.Value, new SpdyForwardClient(error, data), logger).RunAsync(ending);
        }
        catch (TimeoutException)
        {
            // Half of a pair is nothing.
            pairs.TryRemove(KeyValuePair.Create(pair.Id, pair));
            await ResetAsync(pair, ending);
        }
        catch (Exception failure) when (ending.IsCancellationRequested || ConnectionEnd.Is(failure))
        {
            // The client has gone.
        }
    }

    private static async Task ResetAsync(Pair pair, CancellationToken ending)
    {
        foreach (var half in new[] { pair.Error.Task, pair.Data.Task }.Where(half => half.IsCompletedSuccessfully))
        {
            await (await half).ResetAsync(ending);
        }
    }

    private static int? PortOf(SpdyStream stream) =>
        ushort.TryParse(stream.Headers.GetValueOrDefault("port", ""), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null;

    private sealed class Pair(string id)
    {
        public string Id => id;

        public TaskCompletionSource<SpdyStream> Error { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<SpdyStream> Data { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsComplete => Error.Task.IsCompleted && Data.Task.IsCompleted;
    }
}
