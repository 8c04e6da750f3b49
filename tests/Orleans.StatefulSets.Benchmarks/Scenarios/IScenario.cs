using Orleans.StatefulSets.Benchmarks.Figures;

namespace Orleans.StatefulSets.Benchmarks.Scenarios;

/// <summary>Something that is measured several times, each time on a fresh server.</summary>
internal interface IScenario
{
    /// <summary>As the command line and the table call it.</summary>
    string Name { get; }

    int DefaultRuns { get; }

    /// <summary>The only storage that it is measured with; null for each that is asked for.</summary>
    string? OwnStorage => null;

    /// <exception cref="BenchmarkException">The server did something else.</exception>
    Task<IReadOnlyList<Figure>> RunAsync(Trial trial, CancellationToken cancellationToken);
}
