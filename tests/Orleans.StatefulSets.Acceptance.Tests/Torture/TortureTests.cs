using System.Globalization;
using System.Text.Json;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Xunit.Abstractions;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>
/// Three silos, a database and clients, and everything that can happen to them, by a seeded schedule: a minute here, as long as
/// <c>TORTURE_SECONDS</c> says by hand, with the seed <c>TORTURE_SEED</c>.
/// </summary>
[Collection(SilosCollection.Name)]
public sealed class TortureTests(ITestOutputHelper output)
{
    private const int Silos = 3;
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(90);
    private static readonly string[] Watched =
    [
        "/api/v1/namespaces/default/pods", "/api/v1/namespaces/default/configmaps", "/api/v1/namespaces/default/persistentvolumeclaims",
        "/apis/apps/v1/namespaces/default/statefulsets",
    ];

    private readonly History history = new();
    private readonly List<string> steps = [];

    [SkippableFact]
    public async Task Whatever_happens_to_silos_and_database_nothing_acknowledged_is_lost_and_all_agree_in_the_end()
    {
        var seed = Number("TORTURE_SEED", 1);
        var length = TimeSpan.FromSeconds(Number("TORTURE_SECONDS", 60));
        await using var cluster = await SiloCluster.StartAsync(Silos, "--verbose", "--speed", "5");
        await using var writers = new Writers(cluster, history, seed);
        await writers.PrepareAsync();
        var watchers = new List<Watcher>();
        foreach (var server in cluster.Servers)
        {
            watchers.AddRange(Watched.Select(path => new Watcher(server.Url, path, history.Watchers.GetOrAdd($"{server.Url}{path}", _ => []))));
        }

        watchers.ForEach(watcher => watcher.Start());
        writers.Start();

        await TortureAsync(cluster, seed, length);
        await writers.StopAsync();
        await SettleAsync(cluster, watchers);
        foreach (var watcher in watchers)
        {
            await watcher.DisposeAsync();
        }

        Take(cluster);
        var violations = Checker.Check(history, await CountersAsync(cluster), steps);
        Report(violations);
        Assert.Empty(violations);
        Assert.NotEmpty(steps);
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.True(history.Faults.ContainsKey(kind), $"{kind} did not happen"));
    }

    private async Task TortureAsync(SiloCluster cluster, int seed, TimeSpan length)
    {
        var begin = TimeProvider.System.GetTimestamp();
        foreach (var fault in Fault.Schedule(seed, Silos))
        {
            if (TimeProvider.System.GetElapsedTime(begin) > length && history.Faults.Count == Enum.GetValues<FaultKind>().Length)
            {
                return;
            }

            await Task.Delay(fault.After, TimeProvider.System);
            output.WriteLine($"{TimeProvider.System.GetElapsedTime(begin).TotalSeconds:F1} s: {fault}");
            await InflictAsync(cluster, fault);
            History.Count(history.Faults, fault.Kind);
        }
    }

    private async Task InflictAsync(SiloCluster cluster, Fault fault)
    {
        var silo = cluster.Servers[fault.Silo];
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                await silo.KillAsync();
                await RestartAsync(silo, fault.Length);
                break;
            case FaultKind.Leave:
                await silo.LeaveAsync();
                await RestartAsync(silo, fault.Length);
                break;
            case FaultKind.Pause:
                await silo.PauseAsync();
                await Task.Delay(fault.Length, TimeProvider.System);
                await silo.ContinueAsync();
                await ReviveAsync(silo);
                break;
            case FaultKind.Outage:
                await cluster.Postgres.CrashAsync();
                await Task.Delay(fault.Length, TimeProvider.System);
                await cluster.Postgres.StartAgainAsync();
                break;
        }
    }

    private async Task RestartAsync(ServerProcess silo, TimeSpan after)
    {
        await Task.Delay(after, TimeProvider.System);
        TakeSteps(silo);
        await silo.RestartAsync();
    }

    // Who was declared dead meanwhile ends when he hears of it, and is started again as a supervisor would.
    private async Task ReviveAsync(ServerProcess silo)
    {
        await Deadline.WaitAsync(SettleLimit, async () => silo.HasExited || await IsReadyAsync(silo), () => $"a silo that stood still neither goes on nor ends\n{silo.Describe()}");
        if (silo.HasExited)
        {
            await RestartAsync(silo, TimeSpan.Zero);
        }
    }

    private static async Task<bool> IsReadyAsync(ServerProcess silo)
    {
        try
        {
            using var response = await silo.Client.GetAsync("/readyz");
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    // All is well: each set has what it wants, all silos show the same, and every watcher has come to it.
    private static async Task SettleAsync(SiloCluster cluster, List<Watcher> watchers)
    {
        var state = "";
        await Deadline.WaitAsync(
            SettleLimit,
            async () =>
            {
                var sets = await Task.WhenAll(cluster.Servers.Select(server => SetsAsync(server)));
                state = string.Join('\n', sets.Select(set => set.Text));
                return sets.All(set => set.AreDone) && sets.Select(set => set.Text).Distinct().Count() == 1;
            },
            () => $"the sets do not come to rest:\n{state}");
        var heads = await Task.WhenAll(Watched.Select(path => HeadAsync(cluster.Servers[0], path)));
        await Deadline.WaitAsync(SettleLimit, () => watchers.Chunk(Watched.Length).All(of => of.Zip(heads, (watcher, head) => watcher.Version >= head).All(there => there)), () => "a watch does not come to what the list holds");
    }

    private static async Task<(bool AreDone, string Text)> SetsAsync(ServerProcess server)
    {
        try
        {
            using var list = JsonDocument.Parse(await server.Client.GetStringAsync(Watched[^1]));
            var sets = list.RootElement.GetProperty("items").EnumerateArray().ToList();
            return (sets.TrueForAll(IsDone), string.Join(' ', sets.Select(set => $"{set.GetProperty("metadata").GetProperty("resourceVersion")}:{set.GetProperty("status")}")));
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return (false, failure.Message);
        }
    }

    private static bool IsDone(JsonElement set)
    {
        var (wanted, status) = (set.GetProperty("spec").GetProperty("replicas").GetInt32(), set.GetProperty("status"));
        return Status("observedGeneration") == set.GetProperty("metadata").GetProperty("generation").GetInt32()
            && Status("replicas") == wanted && Status("readyReplicas") == wanted && Status("updatedReplicas") == wanted;

        int Status(string field) => status.TryGetProperty(field, out var value) ? value.GetInt32() : 0;
    }

    // The newest of the objects, not of the whole cluster: a watch hears of no others.
    private static async Task<long> HeadAsync(ServerProcess server, string path)
    {
        using var list = JsonDocument.Parse(await server.Client.GetStringAsync(path));
        return list.RootElement.GetProperty("items").EnumerateArray()
            .Select(item => long.Parse(item.GetProperty("metadata").GetProperty("resourceVersion").GetString()!, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
    }

    private static async Task<IReadOnlyDictionary<string, int>> CountersAsync(SiloCluster cluster)
    {
        using var list = JsonDocument.Parse(await cluster.Servers[0].Client.GetStringAsync("/api/v1/namespaces/default/configmaps"));
        return list.RootElement.GetProperty("items").EnumerateArray().Where(item => item.TryGetProperty("data", out var data) && data.TryGetProperty("n", out _)).ToDictionary(
            item => item.GetProperty("metadata").GetProperty("name").GetString()!,
            item => int.Parse(item.GetProperty("data").GetProperty("n").GetString()!, CultureInfo.InvariantCulture));
    }

    private void Take(SiloCluster cluster)
    {
        foreach (var server in cluster.Servers)
        {
            TakeSteps(server);
        }
    }

    private void TakeSteps(ServerProcess server) => steps.AddRange(server.Output.Where(Checker.IsStep));

    private void Report(IReadOnlyList<string> violations)
    {
        output.WriteLine($"{history.Writes.Count} writes acknowledged, {history.Unknown.Values.Sum()} counts unknown, {history.Watchers.Sum(watcher => watcher.Value.Sum(part => part.Count))} changes seen, {history.Watchers.Sum(watcher => watcher.Value.Count - 1)} lists anew, {steps.Count} ordered steps");
        output.WriteLine(string.Join(", ", history.Faults.Select(fault => $"{fault.Value} × {fault.Key}")));
        foreach (var violation in violations.Take(50))
        {
            output.WriteLine(violation);
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
