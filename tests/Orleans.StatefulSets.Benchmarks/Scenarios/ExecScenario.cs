using System.Diagnostics;
using Orleans.StatefulSets.Benchmarks.Cluster;
using Orleans.StatefulSets.Benchmarks.Figures;
using Orleans.StatefulSets.Benchmarks.Load;
using Orleans.StatefulSets.Benchmarks.Servers;

namespace Orleans.StatefulSets.Benchmarks.Scenarios;

/// <summary>
/// What it costs to look into pods: one <c>exec hostname</c> after another, 200 at once in as many pods, and the memory of a pod that
/// somebody looked into. A client gets its first bytes 40 ms after its upgrade, for kubectl's sake: that wait is in every round trip.
/// </summary>
internal sealed class ExecScenario : IScenario
{
    private const int Pods = 200;
    private const int Rounds = 500;
    private const int Many = 2_000;

    public string Name => "exec";

    public int DefaultRuns => 1;

    public async Task<IReadOnlyList<Figure>> RunAsync(Trial trial, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(trial, data.Path, Many, cancellationToken);
        using var cluster = new ClusterClient(server.Url);
        await cluster.CreateServiceAsync(cancellationToken);
        var version = await cluster.CreateSetAsync(new SetShape { Replicas = Many }, cancellationToken);
        using var watch = await cluster.WatchSetAsync(version, cancellationToken);
        await watch.UntilReadyAsync(Many, cancellationToken);
        await server.RestAsync(cancellationToken);
        var before = server.ResidentBytes;

        var first = await TimeAsync(server, 0, cancellationToken);
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            times.Add(await TimeAsync(server, 0, cancellationToken));
        }

        times.Sort();
        await AtOnceAsync(server, cancellationToken);
        var (cpu, wall) = (server.Cpu, Stopwatch.StartNew());
        await AtOnceAsync(server, cancellationToken);
        var together = wall.Elapsed;
        var cost = server.Cpu - cpu;
        for (var pod = Pods; pod < Many; pod++)
        {
            await TimeAsync(server, pod, cancellationToken);
        }

        await server.RestAsync(cancellationToken);
        return
        [
            new("first", Unit.Milliseconds, first),
            new("p50", Unit.Milliseconds, times[Rounds / 2]),
            new("p99", Unit.Milliseconds, times[Rounds * 99 / 100]),
            new("200 at once, all", Unit.Milliseconds, together.TotalMilliseconds),
            new("200 at once, CPU each", Unit.Microseconds, cost.TotalMicroseconds / Pods),
            new("memory a pod looked into", Unit.Kilobytes, (server.ResidentBytes - before) / 1e3 / Many),
        ];
    }

    private static async Task<double> TimeAsync(ServerProcess server, int pod, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var name = $"{SetShape.Name}-{pod}";
        if (await RemoteCommand.RunAsync(server.Url, name, "hostname", cancellationToken) != name + "\n")
        {
            throw new BenchmarkException($"{name} has another host name");
        }

        return watch.Elapsed.TotalMilliseconds;
    }

    private static Task AtOnceAsync(ServerProcess server, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Pods).Select(pod => TimeAsync(server, pod, cancellationToken)));
}
