using System.Diagnostics;
using Orleans.StatefulSets.Benchmarks.Figures;
using Orleans.StatefulSets.Benchmarks.Options;
using Orleans.StatefulSets.Benchmarks.Scenarios;
using Orleans.StatefulSets.Benchmarks.Servers;

namespace Orleans.StatefulSets.Benchmarks;

/// <summary>Runs the scenarios one after another. The table goes to standard output, what is going on to standard error.</summary>
internal static class Benchmark
{
    public static async Task RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var program = options.Server;
        if (program is null)
        {
            await Console.Error.WriteLineAsync("publishing the server");
            program = await PublishedServer.PublishAsync(folder.Path, cancellationToken);
        }

        Console.WriteLine($"{Environment.ProcessorCount} cores, load average at the begin {LoadAverage()}");
        var table = new FigureTable(Console.Out);
        table.WriteHeader();
        foreach (var scenario in AllScenarios.List.Where(scenario => options.Only is null || scenario.Name == options.Only))
        {
            foreach (var storage in scenario.OwnStorage is { } own ? [own] : options.Storage)
            {
                var trial = new Trial { Program = program, Storage = storage };
                table.WriteRows(scenario.Name, storage, await RepeatAsync(scenario, trial, options.Runs ?? scenario.DefaultRuns, cancellationToken));
            }
        }

        Console.WriteLine($"load average at the end {LoadAverage()}");
    }

    private static async Task<IReadOnlyList<IReadOnlyList<Figure>>> RepeatAsync(IScenario scenario, Trial trial, int runs, CancellationToken cancellationToken)
    {
        var figures = new List<IReadOnlyList<Figure>>();
        for (var run = 1; run <= runs; run++)
        {
            var (watch, others) = (Stopwatch.StartNew(), new OtherWork());
            figures.Add(await scenario.RunAsync(trial, cancellationToken));
            var shown = figures[^1].Select(figure => $"{figure.Name} {figure.Unit.Write(figure.Value)} {figure.Unit.Symbol}");
            await Console.Error.WriteLineAsync(
                $"{scenario.Name} {trial.Storage} {run}/{runs} in {watch.Elapsed.TotalSeconds:0} s: {string.Join("; ", shown)}; others took {100 * others.Share:0} % of the machine");
        }

        return figures;
    }

    private static string LoadAverage() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));
}
