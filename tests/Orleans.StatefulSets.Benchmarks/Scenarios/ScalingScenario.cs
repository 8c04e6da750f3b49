using System.Diagnostics;
using Orleans.StatefulSets.Benchmarks.Cluster;
using Orleans.StatefulSets.Benchmarks.Figures;
using Orleans.StatefulSets.Benchmarks.Servers;

namespace Orleans.StatefulSets.Benchmarks.Scenarios;

/// <summary>
/// One set from POST to all replicas Ready, and from PATCH of its scale to no pod left, twice in one process. The CPU is the server's until it has come to rest
/// after each, that is, with the endpoints and Events that trail behind the last pod.
/// </summary>
internal sealed class ScalingScenario(string name, SetShape shape) : IScenario
{
    public string Name => name;

    public int DefaultRuns => 3;

    public async Task<IReadOnlyList<Figure>> RunAsync(Trial trial, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(trial, data.Path, shape.Replicas, cancellationToken);
        using var cluster = new ClusterClient(server.Url);
        await cluster.CreateServiceAsync(cancellationToken);
        var first = await ScaleAsync(server, cluster, cancellationToken);
        await cluster.ClearAsync(cancellationToken);
        var second = await ScaleAsync(server, cluster, cancellationToken);
        return [.. first.Select(figure => figure with { Name = Figure.First + figure.Name }), .. second];
    }

    private async Task<IReadOnlyList<Figure>> ScaleAsync(ServerProcess server, ClusterClient cluster, CancellationToken cancellationToken)
    {
        await server.RestAsync(cancellationToken);
        var (cpu, time) = (server.Cpu, Stopwatch.StartNew());
        var version = await cluster.CreateSetAsync(shape, cancellationToken);
        using var watch = await cluster.WatchSetAsync(version, cancellationToken);
        await watch.UntilReadyAsync(shape.Replicas, cancellationToken);
        var up = time.Elapsed;
        await server.RestAsync(cancellationToken);
        var upCpu = server.Cpu - cpu;
        await ConfirmAsync(cluster, shape.Replicas, cancellationToken);

        await server.RestAsync(cancellationToken);
        (cpu, time) = (server.Cpu, Stopwatch.StartNew());
        await cluster.ScaleAsync(0, cancellationToken);
        await watch.UntilEmptyAsync(cancellationToken);
        var down = time.Elapsed;
        await ConfirmAsync(cluster, 0, cancellationToken);
        await server.RestAsync(cancellationToken);
        return
        [
            new(Figure.Up, Unit.PodsPerSecond, shape.Replicas / up.TotalSeconds),
            new(Figure.UpCpu, Unit.MicrosecondsPerPod, upCpu.TotalMicroseconds / shape.Replicas),
            new(Figure.Down, Unit.PodsPerSecond, shape.Replicas / down.TotalSeconds),
            new(Figure.DownCpu, Unit.MicrosecondsPerPod, (server.Cpu - cpu).TotalMicroseconds / shape.Replicas),
        ];
    }

    private async Task ConfirmAsync(ClusterClient cluster, int replicas, CancellationToken cancellationToken)
    {
        var pods = await cluster.CountPodsAsync(cancellationToken);
        if (pods != (replicas, replicas))
        {
            throw new BenchmarkException($"the set's status says {replicas}, a list {pods.Present} pods, {pods.Ready} of them Ready");
        }

        // They stay when the pods go: the set retains them.
        var claims = shape.Claims ? await cluster.CountClaimsAsync(cancellationToken) : 0;
        if (claims != (shape.Claims ? shape.Replicas : 0))
        {
            throw new BenchmarkException($"a list says {claims} claims for a set that had {shape.Replicas} pods");
        }
    }
}
