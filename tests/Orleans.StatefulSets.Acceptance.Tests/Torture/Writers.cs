using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>Clients that write as kubectl does, each through a silo of chance, and remember what they were told.</summary>
internal sealed class Writers(SiloCluster cluster, History history, int seed) : IAsyncDisposable
{
    public const string Namespace = "default";

    /// <summary>An ordered set with claims, and a parallel one.</summary>
    public static readonly IReadOnlyList<(string Name, string Policy)> Sets = [("ordered", "OrderedReady"), ("parallel", "Parallel")];

    private const int Counters = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly CancellationTokenSource ending = new();
    private readonly List<Task> running = [];
    private readonly HttpClient client = new() { Timeout = Patience };

    public void Start()
    {
        for (var counter = 0; counter < Counters; counter++)
        {
            var (name, chance) = ($"counter-{counter}", new Random(seed + counter));
            running.Add(RunAsync(() => CountAsync(name, chance), TimeSpan.FromMilliseconds(50)));
        }

        foreach (var (set, _) in Sets)
        {
            var chance = new Random(seed + set.Length);
            running.Add(RunAsync(() => ChangeAsync(set, chance), TimeSpan.FromMilliseconds(400)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!ending.IsCancellationRequested)
        {
            await ending.CancelAsync();
            await Task.WhenAll(running);
        }

        client.Dispose();
    }

    /// <summary>The writers stop; what they began is answered or given up.</summary>
    public async Task StopAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(running);
    }

    /// <summary>Makes the counters and the sets.</summary>
    public async Task PrepareAsync()
    {
        for (var counter = 0; counter < Counters; counter++)
        {
            await DemandAsync(HttpMethod.Post, "/api/v1/namespaces/default/configmaps", $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"counter-{{{counter}}}"},"data":{"n":"0"}}""");
        }

        foreach (var (name, policy) in Sets)
        {
            await DemandAsync(HttpMethod.Post, "/apis/apps/v1/namespaces/default/statefulsets", SetOf(name, policy));
        }
    }

    private async Task RunAsync(Func<Task> step, TimeSpan pause)
    {
        using var timer = new PeriodicTimer(pause);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                await step();
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    // Read, add one, write with the version that was read: an increment that was acknowledged twice or lost would show in the sum.
    private async Task CountAsync(string name, Random chance)
    {
        var path = $"/api/v1/namespaces/{Namespace}/configmaps/{name}";
        if (await SendAsync(HttpMethod.Get, path, null, Any(chance)) is not (HttpStatusCode.OK, { } stored))
        {
            return;
        }

        stored["data"]!["n"] = (int.Parse(stored["data"]!["n"]!.GetValue<string>(), CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        var (code, written) = await SendAsync(HttpMethod.Put, path, stored.ToJsonString(), Any(chance));
        if (Remember("configmaps", code, written) == true)
        {
            History.Count(history.Counted, name);
        }
        else if (IsUnknown(code))
        {
            History.Count(history.Unknown, name);
        }
    }

    private async Task ChangeAsync(string set, Random chance)
    {
        var path = $"/apis/apps/v1/namespaces/{Namespace}/statefulsets/{set}";
        var (method, target, body) = chance.Next(10) switch
        {
            < 4 => (HttpMethod.Patch, path, $$$"""{"spec":{"replicas":{{{chance.Next(7)}}}}}"""),
            < 6 => (HttpMethod.Patch, path, $$$$$$"""{"spec":{"template":{"metadata":{"annotations":{"turn":"{{{{{{chance.Next(1000)}}}}}}"}}}}}"""),
            _ => (HttpMethod.Delete, $"/api/v1/namespaces/{Namespace}/pods/{set}-{chance.Next(6)}", (string?)null),
        };
        var (code, written) = await SendAsync(method, target, body, Any(chance));
        Remember(method == HttpMethod.Delete ? "pods" : "statefulsets", code, written);
    }

    private bool? Remember(string resource, HttpStatusCode? code, JsonNode? written)
    {
        if (code is not (HttpStatusCode.OK or HttpStatusCode.Created) || written?["metadata"]?["resourceVersion"] is not { } version)
        {
            return IsUnknown(code) ? null : false;
        }

        var metadata = written["metadata"]!;
        history.Writes.Enqueue(new Acknowledged(
            $"{resource}/{metadata["name"]}", metadata["uid"]!.GetValue<string>(), long.Parse(version.GetValue<string>(), CultureInfo.InvariantCulture)));
        return true;
    }

    // No answer, or one that speaks of the cluster: it may have been done.
    private static bool IsUnknown(HttpStatusCode? code) => code is null or >= HttpStatusCode.InternalServerError;

    private Uri Any(Random chance) => cluster.Servers[chance.Next(cluster.Servers.Count)].Url;

    private async Task<(HttpStatusCode? Code, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? body, Uri server)
    {
        using var request = new HttpRequestMessage(method, new Uri(server, path));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        try
        {
            using var response = await client.SendAsync(request);
            return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()));
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            return (null, null);
        }
    }

    private async Task DemandAsync(HttpMethod method, string path, string body)
    {
        var (code, answer) = await SendAsync(method, path, body, cluster.Servers[0].Url);
        Assert.True(code == HttpStatusCode.Created, $"{path}: {code} {answer}");
    }

    private static string SetOf(string name, string policy) => $$$$$"""
        {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"{{{{{name}}}}}"},"spec":{"replicas":3,"serviceName":"{{{{{name}}}}}","podManagementPolicy":"{{{{{policy}}}}}",
        "selector":{"matchLabels":{"app":"{{{{{name}}}}}"}},"template":{"metadata":{"labels":{"app":"{{{{{name}}}}}"}},"spec":{"terminationGracePeriodSeconds":1,
        "containers":[{"name":"main","image":"nginx","volumeMounts":[{"name":"data","mountPath":"/data"}]}]}},
        "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
        """;
}
