using Orleans.StatefulSets.Benchmarks.Cluster;

namespace Orleans.StatefulSets.Benchmarks.Scenarios;

internal static class AllScenarios
{
    public static IReadOnlyList<IScenario> List { get; } =
    [
        new ScalingScenario("parallel", new SetShape { Replicas = 2_000 }),
        new ScalingScenario("claims", new SetShape { Replicas = 2_000, Claims = true }),
        new ScalingScenario("ordered", new SetShape { Replicas = 500, Policy = "OrderedReady" }),
        new MemoryScenario(),
        new StartScenario(),
        new OverloadScenario(),
        new WatchesScenario(),
        new ExecScenario(),
        new SilosScenario(1),
        new SilosScenario(2),
        new SilosScenario(4),
        new SpreadScenario(),
        new FailoverScenario(),
    ];
}
