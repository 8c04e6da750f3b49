using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Orleans.StatefulSets.Benchmarks.Cluster;

/// <summary>The requests that a run makes; each refusal is a failure of the run.</summary>
internal sealed class ClusterClient(Uri url) : IDisposable
{
    private const string Core = "/api/v1/namespaces/default";
    private const string Sets = "/apis/apps/v1/namespaces/default/statefulsets";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan GoneLimit = TimeSpan.FromMinutes(2);

    private readonly HttpClient client = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(100) };

    public Task CreateServiceAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"{Core}/services", SetShape.Service, "application/json", cancellationToken);

    /// <returns>The resourceVersion of the new set.</returns>
    public async Task<string> CreateSetAsync(SetShape shape, CancellationToken cancellationToken, string name = SetShape.Name)
    {
        var created = await SendAsync(HttpMethod.Post, Sets, shape.Manifest(name), "application/json", cancellationToken);
        return created["metadata"]!["resourceVersion"]!.GetValue<string>();
    }

    public Task ScaleAsync(int replicas, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Patch,
        $"{Sets}/{SetShape.Name}/scale",
        new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } },
        "application/merge-patch+json",
        cancellationToken);

    /// <summary>Follows the set from a version on.</summary>
    public async Task<SetWatch> WatchSetAsync(string resourceVersion, CancellationToken cancellationToken)
    {
        var path = $"{Sets}?watch=true&fieldSelector=metadata.name%3D{SetShape.Name}&resourceVersion={resourceVersion}";
        var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        return new SetWatch(new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8));
    }

    /// <summary>How many pods there are, and how many of them are Ready and not on their way out.</summary>
    public async Task<(int Present, int Ready)> CountPodsAsync(CancellationToken cancellationToken)
    {
        var pods = await ListAsync("pods", cancellationToken);
        return (pods.Count, pods.Count(IsReady));
    }

    public async Task<int> CountClaimsAsync(CancellationToken cancellationToken) => (await ListAsync("persistentvolumeclaims", cancellationToken)).Count;

    /// <summary>Takes the set and its claims away and waits until they and their volumes are gone.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await SendAsync(HttpMethod.Delete, $"{Sets}/{SetShape.Name}", null, "application/json", cancellationToken);
        await SendAsync(HttpMethod.Delete, $"{Core}/persistentvolumeclaims", null, "application/json", cancellationToken);
        await UntilGoneAsync($"{Core}/persistentvolumeclaims", cancellationToken);
        await UntilGoneAsync("/api/v1/persistentvolumes", cancellationToken);
    }

    public void Dispose() => client.Dispose();

    /// <summary>How many grains of each resource are active in the silo that is asked.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountGrainsAsync(CancellationToken cancellationToken) =>
        (await client.GetFromJsonAsync<Dictionary<string, int>>("/grains", cancellationToken))!;

    private static bool IsReady(JsonNode? pod) =>
        pod!["metadata"]!["deletionTimestamp"] is null
        && pod["status"]?["conditions"]?.AsArray().Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True") == true;

    private async Task UntilGoneAsync(string path, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Poll);
        while ((await SendAsync(HttpMethod.Get, $"{path}?limit=1", null, "application/json", cancellationToken))["items"]!.AsArray().Count > 0)
        {
            if (watch.Elapsed > GoneLimit)
            {
                throw new BenchmarkException($"{path} are still there {GoneLimit.TotalMinutes} minutes after they should go");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task<JsonArray> ListAsync(string resource, CancellationToken cancellationToken)
    {
        var list = await SendAsync(HttpMethod.Get, $"{Core}/{resource}", null, "application/json", cancellationToken);
        return list["items"]!.AsArray();
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonNode? body, string type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, type),
        };
        using var response = await client.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return response.IsSuccessStatusCode ? answer! : throw new BenchmarkException($"{method} {path}: {(int)response.StatusCode} {answer?["message"]}");
    }
}
