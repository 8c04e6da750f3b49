using System.Diagnostics;
using Orleans.StatefulSets.Benchmarks.Cluster;
using Orleans.StatefulSets.Benchmarks.Figures;
using Orleans.StatefulSets.Benchmarks.Servers;

namespace Orleans.StatefulSets.Benchmarks.Scenarios;

/// <summary>One Parallel set, twice, on a number of silos of one machine: what more of them cost, and how evenly they share its pods.</summary>
internal sealed class SilosScenario(int silos) : IScenario
{
    private static readonly SetShape Shape = new() { Replicas = 2_000 };

    public string Name => $"silos-{silos}";

    public int DefaultRuns => 1;

    public string? OwnStorage => "postgres";

    public async Task<IReadOnlyList<Figure>> RunAsync(Trial trial, CancellationToken cancellationToken)
    {
        await using var cluster = await SiloCluster.StartAsync(trial, silos, Shape.Replicas, cancellationToken);
        using var client = new ClusterClient(cluster.Silos[0].Url);
        await client.CreateServiceAsync(cancellationToken);
        var first = await ScaleAsync(cluster, client, cancellationToken);
        var spread = await SpreadAsync(cluster, cancellationToken);
        await client.ScaleAsync(0, cancellationToken);
        await client.ClearAsync(cancellationToken);
        var second = await ScaleAsync(cluster, client, cancellationToken);
        return [.. first.Select(figure => figure with { Name = Figure.First + figure.Name }), .. second, new("pods a silo, most/least", Unit.Ratio, spread)];
    }

    private static async Task<IReadOnlyList<Figure>> ScaleAsync(SiloCluster cluster, ClusterClient client, CancellationToken cancellationToken)
    {
        await cluster.RestAsync(cancellationToken);
        var (cpu, time) = (cluster.Cpu, Stopwatch.StartNew());
        var version = await client.CreateSetAsync(Shape, cancellationToken);
        using var watch = await client.WatchSetAsync(version, cancellationToken);
        await watch.UntilReadyAsync(Shape.Replicas, cancellationToken);
        var up = time.Elapsed;
        await cluster.RestAsync(cancellationToken);
        return
        [
            new(Figure.Up, Unit.PodsPerSecond, Shape.Replicas / up.TotalSeconds),
            new(Figure.UpCpu, Unit.MicrosecondsPerPod, (cluster.Cpu - cpu).TotalMicroseconds / Shape.Replicas),
        ];
    }

    private static async Task<double> SpreadAsync(SiloCluster cluster, CancellationToken cancellationToken)
    {
        var pods = (await cluster.CountGrainsAsync(cancellationToken)).Select(grains => grains.GetValueOrDefault("pods")).ToList();
        return (double)pods.Max() / pods.Min();
    }
}
