using System.Globalization;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Xunit.Abstractions;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>
/// Three silos, a database and clients, and everything that can happen to them and to the network between them, by a seeded schedule: each
/// fault once here; by hand as long as <c>TORTURE_SECONDS</c> says, with the seed <c>TORTURE_SEED</c>, and only the faults that
/// <c>TORTURE_FAULTS</c> names, if it names any. What is printed can be followed with <c>-- xUnit.ShowLiveOutput=true</c>.
/// </summary>
[Collection(SilosCollection.Name)]
public sealed class TortureTests(ITestOutputHelper output)
{
    private const int Silos = 3;
    private readonly History history = new();
    private readonly List<string> steps = [];
    private readonly int seed = Number("TORTURE_SEED", 1);
    private readonly TimeSpan length = TimeSpan.FromSeconds(Number("TORTURE_SECONDS", 30));
    private readonly FaultKind[] kinds = Kinds();
    private readonly long begin = TimeProvider.System.GetTimestamp();

    private TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(begin);

    [SkippableFact]
    public async Task Whatever_happens_to_silos_network_and_database_nothing_acknowledged_is_lost_and_all_agree_in_the_end()
    {
        output.WriteLine($"TORTURE_SEED={seed} TORTURE_SECONDS={length.TotalSeconds} TORTURE_FAULTS={string.Join(',', kinds)}");
        await using var cluster = await SiloCluster.StartBehindProxiesAsync(Silos, "--verbose", "--speed", "5");
        await using var writers = new Writers(cluster, history, seed);
        await writers.PrepareAsync();
        List<Watcher> watchers =
        [
            .. from server in cluster.Servers
               from path in Settling.Watched
               select new Watcher(server.Url, path, history.Watchers.GetOrAdd($"{server.Url}{path}", _ => [])),
        ];
        watchers.ForEach(watcher => watcher.Start());
        writers.Start();

        var injector = new FaultInjector(cluster, TakeSteps);
        await TortureAsync(injector);
        await writers.FinishAsync();
        await new Settling(cluster, injector.ReviveAsync).WaitAsync(watchers);
        foreach (var watcher in watchers)
        {
            await watcher.DisposeAsync();
        }

        foreach (var server in cluster.Servers)
        {
            TakeSteps(server);
        }

        var violations = Checker.Check(history, await new EndReader(cluster.Servers[0]).ReadAsync(), steps);
        Report(violations);
        Assert.Empty(violations);
        Assert.NotEmpty(steps);
        Assert.NotEmpty(history.Lines);
        Assert.All(kinds, kind => Assert.True(history.Faults.ContainsKey(kind), $"{kind} did not happen"));
    }

    private async Task TortureAsync(FaultInjector injector)
    {
        foreach (var fault in Fault.Schedule(seed, Silos, kinds))
        {
            if (Elapsed > length && history.Faults.Count == kinds.Length)
            {
                return;
            }

            await Task.Delay(fault.After, TimeProvider.System);
            var from = Elapsed;
            await injector.InflictAsync(fault);
            History.Count(history.Faults, fault.Kind);
            output.WriteLine($"{from.TotalSeconds,6:F1} s: {fault}; well after {(Elapsed - from - fault.Length).TotalSeconds:F1} s; {Summary()}");
        }
    }

    private void TakeSteps(ServerProcess server) => steps.AddRange(server.Output.Where(Checker.IsStep));

    private string Summary() =>
        $"{history.Writes.Count} writes and {history.Lines.Count} lines acknowledged, {history.Deleted.Count} objects and {history.Namespaces} namespaces deleted";

    private void Report(IReadOnlyList<string> violations)
    {
        output.WriteLine($"{history.Unknown.Values.Sum()} counts and {history.LinesSent.Count - history.Lines.Count} lines unknown, {history.Watchers.Sum(watcher => watcher.Value.Sum(part => part.Count))} changes seen, {history.Watchers.Sum(watcher => watcher.Value.Count - 1)} lists anew");
        output.WriteLine($"Seed {seed}, {Elapsed.TotalSeconds:F0} s: {Summary()}, {steps.Count} ordered steps, {string.Join(", ", history.Faults.Select(fault => $"{fault.Value} × {fault.Key}"))}, {violations.Count} violations");
        foreach (var violation in violations.Take(50))
        {
            output.WriteLine(violation);
        }
    }

    private static FaultKind[] Kinds() => Environment.GetEnvironmentVariable("TORTURE_FAULTS") is { Length: > 0 } names
        ? [.. names.Split(',').Select(Enum.Parse<FaultKind>)]
        : Enum.GetValues<FaultKind>();

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
