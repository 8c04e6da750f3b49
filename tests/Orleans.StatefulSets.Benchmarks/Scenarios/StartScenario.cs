using Orleans.StatefulSets.Benchmarks.Cluster;
using Orleans.StatefulSets.Benchmarks.Figures;
using Orleans.StatefulSets.Benchmarks.Servers;

namespace Orleans.StatefulSets.Benchmarks.Scenarios;

/// <summary>From the process's begin to the first 200 of <c>/readyz</c>: in an empty folder, and again where 2,000 pods were left behind.</summary>
internal sealed class StartScenario : IScenario
{
    private const int Pods = 2_000;

    public string Name => "start";

    public int DefaultRuns => 5;

    public async Task<IReadOnlyList<Figure>> RunAsync(Trial trial, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var empty = await ServerProcess.StartAsync(trial, data.Path, Pods, cancellationToken);
        var first = new Figure(Figure.Empty, Unit.Seconds, empty.StartTime.TotalSeconds);
        if (!trial.KeepsData)
        {
            return [first];
        }

        await FillAsync(empty.Url, cancellationToken);
        await empty.StopAsync();
        await using var full = await ServerProcess.StartAsync(trial, data.Path, Pods, cancellationToken);
        using var cluster = new ClusterClient(full.Url);
        return await cluster.CountPodsAsync(cancellationToken) is { Present: Pods, Ready: Pods }
            ? [first, new(Figure.At2000, Unit.Seconds, full.StartTime.TotalSeconds)]
            : throw new BenchmarkException($"the {Pods} Ready pods are not there after a restart");
    }

    private static async Task FillAsync(Uri url, CancellationToken cancellationToken)
    {
        using var cluster = new ClusterClient(url);
        await cluster.CreateServiceAsync(cancellationToken);
        var version = await cluster.CreateSetAsync(new SetShape { Replicas = Pods }, cancellationToken);
        using var watch = await cluster.WatchSetAsync(version, cancellationToken);
        await watch.UntilReadyAsync(Pods, cancellationToken);
    }
}
