using Orleans.StatefulSets.Benchmarks.Cluster;
using Orleans.StatefulSets.Benchmarks.Figures;
using Orleans.StatefulSets.Benchmarks.Servers;

namespace Orleans.StatefulSets.Benchmarks.Scenarios;

/// <summary>VmRSS of the server some seconds after it came to rest: after start, and with one Parallel set of 2,000 and of 10,000 pods, before anybody lists them.</summary>
internal sealed class MemoryScenario : IScenario
{
    private const int Some = 2_000;
    private const int Many = 10_000;

    // A server gives memory back when it has been at rest for a moment.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(4);

    public string Name => "memory";

    public int DefaultRuns => 3;

    public async Task<IReadOnlyList<Figure>> RunAsync(Trial trial, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(trial, data.Path, Many, cancellationToken);
        using var cluster = new ClusterClient(server.Url);
        var empty = await MeasureAsync(Figure.Empty, server, cancellationToken);

        await cluster.CreateServiceAsync(cancellationToken);
        var version = await cluster.CreateSetAsync(new SetShape { Replicas = Some }, cancellationToken);
        using var watch = await cluster.WatchSetAsync(version, cancellationToken);
        await watch.UntilReadyAsync(Some, cancellationToken);
        var some = await MeasureAsync(Figure.At2000, server, cancellationToken);

        await cluster.ScaleAsync(Many, cancellationToken);
        await watch.UntilReadyAsync(Many, cancellationToken);
        var many = await MeasureAsync(Figure.At10000, server, cancellationToken);
        return [empty, some, many];
    }

    private static async Task<Figure> MeasureAsync(string name, ServerProcess server, CancellationToken cancellationToken)
    {
        await server.RestAsync(cancellationToken);
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        return new(name, Unit.Megabytes, server.ResidentBytes / 1e6);
    }
}
