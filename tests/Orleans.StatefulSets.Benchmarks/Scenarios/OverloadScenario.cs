using System.Diagnostics;
using Orleans.StatefulSets.Benchmarks.Figures;
using Orleans.StatefulSets.Benchmarks.Load;
using Orleans.StatefulSets.Benchmarks.Servers;

namespace Orleans.StatefulSets.Benchmarks.Scenarios;

/// <summary>
/// Ever more clients that write as fast as they are answered: how many writes are done, how long those take that are done, and how long a
/// health check takes meanwhile.
/// </summary>
internal sealed class OverloadScenario : IScenario
{
    private static readonly int[] Clients = [200, 800, 3_200];
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(100);

    public string Name => "overload";

    public int DefaultRuns => 1;

    public async Task<IReadOnlyList<Figure>> RunAsync(Trial trial, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(trial, data.Path, 100, cancellationToken);

        // The first one is for the compiler.
        await MeasureAsync(server, Clients[0], "warm", cancellationToken);
        var figures = new List<Figure>();
        foreach (var clients in Clients)
        {
            figures.AddRange(await MeasureAsync(server, clients, $"c{clients}", cancellationToken));
            await server.RestAsync(cancellationToken);
        }

        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(ServerProcess server, int clients, string prefix, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(Duration);
        var load = new WriteLoad(server.Url, clients);
        var cpu = server.Cpu;
        var (running, watch) = (load.RunAsync(prefix, ending.Token), Stopwatch.StartNew());
        var health = await ProbeAsync(server.Url, ending.Token);
        await running;
        cancellationToken.ThrowIfCancellationRequested();
        return
        [
            new($"{clients} clients", Unit.WritesPerSecond, load.Accepted / watch.Elapsed.TotalSeconds),
            new($"{clients}, CPU", Unit.Microseconds, (server.Cpu - cpu).TotalMicroseconds / load.Accepted),
            new($"{clients}, p99", Unit.Milliseconds, load.LatencyOf99),
            new($"{clients}, 429", Unit.Answers, load.Refused),
            new($"{clients}, other", Unit.Answers, load.Others),
            new($"{clients}, readyz", Unit.Milliseconds, health),
            new($"{clients}, memory", Unit.Megabytes, server.ResidentBytes / 1e6),
        ];
    }

    // The longest that a health check took.
    private static async Task<double> ProbeAsync(Uri url, CancellationToken ending)
    {
        using var client = new HttpClient { BaseAddress = url };
        var longest = 0.0;
        try
        {
            while (true)
            {
                var watch = Stopwatch.StartNew();
                using var response = await client.GetAsync("/readyz", ending);
                longest = Math.Max(longest, response.IsSuccessStatusCode ? watch.Elapsed.TotalMilliseconds : double.PositiveInfinity);
                await Task.Delay(ProbeInterval, TimeProvider.System, ending);
            }
        }
        catch (OperationCanceledException)
        {
            return longest;
        }
    }
}
