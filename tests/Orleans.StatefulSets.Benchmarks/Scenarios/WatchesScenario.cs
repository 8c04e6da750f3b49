using System.Diagnostics;
using Orleans.StatefulSets.Benchmarks.Figures;
using Orleans.StatefulSets.Benchmarks.Load;
using Orleans.StatefulSets.Benchmarks.Servers;

namespace Orleans.StatefulSets.Benchmarks.Scenarios;

/// <summary>
/// Thousands of watches that have nothing to tell: what they cost at rest, what a write costs that none of them selects, and what one that
/// all of them select.
/// </summary>
internal sealed class WatchesScenario : IScenario
{
    private const string Watched = "/api/v1/namespaces/default/configmaps";
    private const int Watches = 10_000;
    private const int Opening = 200;
    private const int Unseen = 500;
    private const int Seen = 20;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public string Name => "watches";

    public int DefaultRuns => 1;

    public async Task<IReadOnlyList<Figure>> RunAsync(Trial trial, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(trial, data.Path, 100, cancellationToken);
        using var writer = new RawConnection(server.Url);
        await writer.ConnectAsync(cancellationToken);
        await WriteAsync(server, writer, "warm", 500, "", cancellationToken);
        await server.RestAsync(cancellationToken);
        var before = server.ResidentBytes;
        var alone = await CostAsync(server, () => WriteAsync(server, writer, "alone", Unseen, "", cancellationToken), cancellationToken);

        var watches = await OpenAsync(server.Url, cancellationToken);
        try
        {
            await server.RestAsync(cancellationToken);
            var memory = server.ResidentBytes - before;
            var cpu = server.Cpu;
            await Task.Delay(Rest, TimeProvider.System, cancellationToken);
            var idle = server.Cpu - cpu;
            var unseen = await CostAsync(server, () => WriteAsync(server, writer, "unseen", Unseen, "", cancellationToken), cancellationToken);
            var seen = await CostAsync(
                server,
                async () =>
                {
                    for (var at = 0; at < Seen; at++)
                    {
                        await WriteAsync(server, writer, $"seen-{at}", 1, "yes", cancellationToken);
                        await Task.WhenAll(watches.Select(watch => watch.NextAsync(cancellationToken)));
                    }
                },
                cancellationToken);
            return
            [
                new("memory each", Unit.Kilobytes, memory / 1e3 / Watches),
                new("CPU at rest", Unit.MillisecondsASecond, idle.TotalMilliseconds / Rest.TotalSeconds),
                new("write, no watch", Unit.Microseconds, alone.TotalMicroseconds / Unseen),
                new("write, unseen", Unit.Microseconds, unseen.TotalMicroseconds / Unseen),
                new("write, seen", Unit.Microseconds, seen.TotalMicroseconds / Seen),
            ];
        }
        finally
        {
            watches.ForEach(watch => watch.Dispose());
        }
    }

    private static async Task<TimeSpan> CostAsync(ServerProcess server, Func<Task> work, CancellationToken cancellationToken)
    {
        await server.RestAsync(cancellationToken);
        var (cpu, watch) = (server.Cpu, Stopwatch.StartNew());
        await work();
        await Console.Error.WriteLineAsync($"  {watch.Elapsed.TotalMilliseconds:0} ms");
        await server.RestAsync(cancellationToken);
        return server.Cpu - cpu;
    }

    private static async Task<List<RawConnection>> OpenAsync(Uri url, CancellationToken cancellationToken)
    {
        var request = RawConnection.Request(url, "GET", $"{Watched}?watch=true&resourceVersion=0&labelSelector=watched%3Dyes");
        var watches = Enumerable.Range(0, Watches).Select(_ => new RawConnection(url)).ToList();
        foreach (var some in watches.Chunk(Opening))
        {
            await Task.WhenAll(some.Select(async watch =>
            {
                await watch.ConnectAsync(cancellationToken);
                await watch.OpenAsync(request, cancellationToken);
            }));
        }

        return watches;
    }

    private static async Task WriteAsync(ServerProcess server, RawConnection writer, string name, int count, string watched, CancellationToken cancellationToken)
    {
        for (var at = 0; at < count; at++)
        {
            var body = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + $"{name}-{at}" + "\",\"labels\":{\"watched\":\"" + watched + "\"}}}";
            if (await writer.SendAsync(RawConnection.Request(server.Url, "POST", Watched, body), cancellationToken) is not 201 and var code)
            {
                throw new BenchmarkException($"a write beside the watches was answered {code}");
            }
        }
    }
}
