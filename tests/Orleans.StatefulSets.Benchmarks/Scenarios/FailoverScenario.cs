using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Orleans.StatefulSets.Benchmarks.Figures;
using Orleans.StatefulSets.Benchmarks.Servers;

namespace Orleans.StatefulSets.Benchmarks.Scenarios;

/// <summary>Three silos: how soon a watch on one shows a write through another, and how long the first write takes after one is killed.</summary>
internal sealed class FailoverScenario : IScenario
{
    private const int Silos = 3;
    private const int Kills = 20;
    private const int Writes = 500;
    private const string Maps = "/api/v1/namespaces/default/configmaps";

    public string Name => "failover";

    public int DefaultRuns => 1;

    public string? OwnStorage => "postgres";

    public async Task<IReadOnlyList<Figure>> RunAsync(Trial trial, CancellationToken cancellationToken)
    {
        await using var cluster = await SiloCluster.StartAsync(trial, Silos, 0, cancellationToken);
        var latencies = await WatchAsync(cluster.Silos[0].Url, cluster.Silos[1].Url, cancellationToken);
        List<double> failovers = [];
        for (var kill = 0; kill < Kills; kill++)
        {
            var victim = kill % Silos;
            await cluster.Silos[victim].KillAsync();
            var time = Stopwatch.StartNew();
            await WriteAsync(cluster.Silos[(victim + 1) % Silos].Url, $"kill-{kill}", cancellationToken);
            failovers.Add(time.Elapsed.TotalMilliseconds);
            await cluster.ReplaceAsync(victim, cancellationToken);
        }

        failovers.Sort();
        latencies.Sort();
        return
        [
            new("watch through another silo, p50", Unit.Milliseconds, latencies[latencies.Count / 2]),
            new("watch through another silo, p99", Unit.Milliseconds, latencies[(int)(latencies.Count * 0.99)]),
            new("first write after a kill, p50", Unit.Milliseconds, failovers[failovers.Count / 2]),
            new("first write after a kill, max", Unit.Milliseconds, failovers[^1]),
        ];
    }

    // From the answer of a write to its event; where the event comes first, nothing.
    private static async Task<List<double>> WatchAsync(Uri written, Uri watched, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var response = await client.GetAsync(new Uri(watched, $"{Maps}?watch=true"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var events = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken));
        List<double> latencies = [];
        for (var write = 0; write < Writes; write++)
        {
            var seen = ReadUntilAsync(events, $"watched-{write}", cancellationToken);
            await WriteAsync(written, $"watched-{write}", cancellationToken);
            var answered = Stopwatch.GetTimestamp();
            latencies.Add(Math.Max(0, Stopwatch.GetElapsedTime(answered, await seen).TotalMilliseconds));
        }

        return latencies;
    }

    private static async Task<long> ReadUntilAsync(StreamReader events, string name, CancellationToken cancellationToken)
    {
        while (await events.ReadLineAsync(cancellationToken) is { } line)
        {
            using var change = JsonDocument.Parse(line);
            if (change.RootElement.GetProperty("object").GetProperty("metadata").GetProperty("name").GetString() == name)
            {
                return Stopwatch.GetTimestamp();
            }
        }

        throw new BenchmarkException("the watch ended");
    }

    private static async Task WriteAsync(Uri url, string name, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = url };
        while (true)
        {
            using var body = new StringContent($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"}}""", Encoding.UTF8, "application/json");
            using var response = await client.PostAsync(Maps, body, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return;
            }
        }
    }
}
