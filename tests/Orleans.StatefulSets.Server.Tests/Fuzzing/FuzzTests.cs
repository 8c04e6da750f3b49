using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.StatefulSets.Grains.Journal;
using Xunit.Abstractions;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>Whatever is sent, the server answers, in time, in Kubernetes' words, and holds together.</summary>
[Collection("alone")]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Requests = 100_000;
    private const long MostGrowthBytes = 96 * 1024 * 1024;

    /// <summary>A multiple of the requests (8 makes them 800,000), and a seed instead of the usual one.</summary>
    private static readonly double Scale = double.Parse(Environment.GetEnvironmentVariable("FUZZ_SCALE") ?? "1", CultureInfo.InvariantCulture);
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_request_valid_or_not_is_answered_in_its_deadline_with_what_an_api_server_may_say()
    {
        await using var server = await FuzzedServer.StartAsync();
        var kinds = await server.DiscoverAsync();
        foreach (var name in (string[])["fuzz-a", "fuzz-b"])
        {
            using var created = await server.Http.PostAsync("/api/v1/namespaces", new StringContent($$$"""{"metadata":{"name":"{{{name}}}"}}""", null, "application/json"));
        }

        var requests = (int)(Requests * Scale);
        var began = TimeProvider.System.GetTimestamp();
        var warm = new FuzzRun(server.Port, kinds, Seed);
        await warm.SendAsync(requests / 4);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var rest = new FuzzRun(server.Port, kinds, Seed + 1);
        await rest.SendAsync(requests - (requests / 4));
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;

        var codes = warm.Codes.Concat(rest.Codes).GroupBy(pair => pair.Key, pair => pair.Value).OrderBy(group => group.Key);
        output.WriteLine($"seed {Seed}, {requests} requests in {seconds:0.0} s, {warm.Unanswered + rest.Unanswered} connections closed, heap grew by {growth / 1024} KiB, working set {Environment.WorkingSet >> 20} MiB, processor {Environment.CpuUsage.TotalTime.TotalSeconds:0.0} s");
        output.WriteLine(string.Join(", ", codes.Select(group => $"{group.Key}: {group.Sum()}")));
        foreach (var failure in server.Log.Failures)
        {
            output.WriteLine($"LOGGED {failure}");
        }

        var findings = warm.Findings.Concat(rest.Findings).ToList();
        Assert.True(findings.Count == 0, $"seed {Seed}\n{string.Join('\n', findings)}");
        Assert.InRange(growth, long.MinValue, MostGrowthBytes);
        await ListsShowWhatIsStoredAsync(server, kinds);
    }

    private static async Task ListsShowWhatIsStoredAsync(FuzzedServer server, IReadOnlyList<Samples.ServedKind> kinds)
    {
        foreach (var kind in kinds)
        {
            var (listed, stored) = (new HashSet<string>(), new HashSet<string>());

            // What the cluster itself still does comes to rest; until then both are looked at anew.
            for (var tries = 0; tries < 50; tries++)
            {
                stored = await StoredAsync(server, kind);
                var list = JsonNode.Parse(await server.Http.GetStringAsync(kind.Collection()))!;
                listed = [.. list["items"]!.AsArray().Select(item => $"{item!["metadata"]!["namespace"]}/{item["metadata"]!["name"]} {item["metadata"]!["resourceVersion"]}")];
                if (listed.SetEquals(stored))
                {
                    break;
                }
            }

            Assert.Equal(stored.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        }
    }

    private static async Task<HashSet<string>> StoredAsync(FuzzedServer server, Samples.ServedKind kind)
    {
        // Events are stored as those of the core group, under whatever group they are listed.
        var group = kind.GroupVersion.Contains('/') && kind.Plural != "events" ? "." + kind.GroupVersion.Split('/')[0] : "";
        var journal = kind.Plural == "events" ? Journals.Events : Journals.Objects;
        var stored = new HashSet<string>();
        await foreach (var record in server.Services.GetRequiredService<IJournalStores>().For(journal).ReadLiveAsync(keysOnly: true, CancellationToken.None))
        {
            var key = $"{record.Key}".Split('/');
            if (key[0] == kind.Plural + group)
            {
                stored.Add($"{key[1]}/{key[2]} {record.Revision}");
            }
        }

        return stored;
    }
}
