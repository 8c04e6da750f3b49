using System.Globalization;
using Orleans.StatefulSets.Benchmarks.Cluster;
using Orleans.StatefulSets.Benchmarks.Figures;
using Orleans.StatefulSets.Benchmarks.Servers;

namespace Orleans.StatefulSets.Benchmarks.Scenarios;

/// <summary>A thousand sets, pods, claims and nodes on three silos: how evenly they lie there, and what a fourth silo gets of the next thousand.</summary>
internal sealed class SpreadScenario : IScenario
{
    private const int Silos = 3;
    private const int Each = 1_000;
    private const int PodsPerNode = 110;
    private const int AtOnce = 16;

    private static readonly SetShape Shape = new() { Replicas = 1, Claims = true };
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    public string Name => "spread";

    public int DefaultRuns => 1;

    public string? OwnStorage => "postgres";

    public async Task<IReadOnlyList<Figure>> RunAsync(Trial trial, CancellationToken cancellationToken)
    {
        await using var cluster = await SiloCluster.StartAsync(trial, Silos, (Each - 1) * PodsPerNode, cancellationToken);
        using var client = new ClusterClient(cluster.Silos[0].Url);
        await client.CreateServiceAsync(cancellationToken);
        await CreateAsync(client, from: 0, cancellationToken);
        var before = await cluster.CountGrainsAsync(cancellationToken);
        var figures = new[] { "statefulsets", "pods", "persistentvolumeclaims", "nodes" }.Select(resource => new Figure($"{resource} a silo, most/least", Unit.Ratio, Spread(before, resource))).ToList();

        await cluster.AddAsync(cancellationToken);
        await CreateAsync(client, from: Each, cancellationToken);
        var joined = (await cluster.CountGrainsAsync(cancellationToken))[^1].GetValueOrDefault("pods");
        figures.Add(new Figure("new pods at a silo that joined, of an equal share", Unit.Ratio, joined / (Each / (Silos + 1.0))));
        return figures;
    }

    private static double Spread(IReadOnlyList<IReadOnlyDictionary<string, int>> silos, string resource)
    {
        var counts = silos.Select(silo => silo.GetValueOrDefault(resource)).ToList();
        return counts.Sum() >= Each ? (double)counts.Max() / counts.Min() : throw new BenchmarkException(FormattableString.Invariant($"only {counts.Sum()} of {Each} {resource} are active"));
    }

    private static async Task CreateAsync(ClusterClient client, int from, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(from, Each),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (number, cancellation) => await client.CreateSetAsync(Shape, cancellation, number.ToString("'web'0000", CultureInfo.InvariantCulture)));
        using var timer = new PeriodicTimer(Poll);
        while ((await client.CountPodsAsync(cancellationToken)).Ready < from + Each)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
