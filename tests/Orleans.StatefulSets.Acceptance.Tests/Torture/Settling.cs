using System.Globalization;
using System.Text;
using System.Text.Json;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>Waits for all to be well: each set has what it wants, nothing is on its way out, all silos show the same, and every watcher has come to it.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="revive">Starts again who ends only now.</param>
internal sealed class Settling(SiloCluster cluster, Func<Task> revive)
{
    /// <summary>What is watched.</summary>
    public static readonly IReadOnlyList<string> Watched =
    [
        "/api/v1/namespaces/default/pods", "/api/v1/namespaces/default/configmaps", "/api/v1/namespaces/default/persistentvolumeclaims",
        TorturedSets.PathIn(Writers.Namespace),
    ];

    private static readonly string[] Kinds =
    [
        "/api/v1/namespaces/{0}/pods", "/api/v1/namespaces/{0}/persistentvolumeclaims", "/api/v1/namespaces/{0}/configmaps", "/api/v1/namespaces/{0}/serviceaccounts",
        "/apis/apps/v1/namespaces/{0}/statefulsets", "/apis/apps/v1/namespaces/{0}/controllerrevisions",
    ];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <param name="watchers">Of each silo those of what is watched, in its order.</param>
    public async Task WaitAsync(IReadOnlyList<Watcher> watchers)
    {
        var state = "";
        await Deadline.WaitAsync(
            Limit,
            async () =>
            {
                await revive();
                var states = await Task.WhenAll(cluster.Servers.Select(server => StateAsync(server)));
                state = string.Join('\n', states.Select(of => of.Text));
                return states.All(of => of.IsAtRest) && states.Select(of => of.Text).Distinct().Count() == 1;
            },
            () => $"the cluster does not come to rest:\n{state}");
        var heads = await Task.WhenAll(Watched.Select(HeadAsync));
        await Deadline.WaitAsync(
            Limit,
            () => watchers.Chunk(Watched.Count).All(of => of.Zip(heads, (watcher, head) => watcher.Version >= head).All(there => there)),
            () => "a watch does not come to what the list holds");
    }

    private static async Task<(bool IsAtRest, string Text)> StateAsync(ServerProcess server)
    {
        try
        {
            var sets = await ListAsync(server, "/apis/apps/v1/statefulsets");
            var namespaces = await ListAsync(server, "/api/v1/namespaces");
            var pods = await ListAsync(server, "/api/v1/pods");
            var volumes = await ListAsync(server, "/api/v1/persistentvolumes");
            var events = await ListAsync(server, "/api/v1/events");
            var left = namespaces.Exists(IsGoing) ? await RemainsAsync(server, [.. namespaces.Where(IsGoing).Select(Name)]) : "";
            var homes = namespaces.Select(Name).ToHashSet();
            List<JsonElement> going = [.. namespaces.Concat(pods).Concat(volumes).Where(IsGoing), .. events.Where(told => !homes.Contains(told.GetProperty("metadata").GetProperty("namespace").GetString()!))];
            return (
                sets.TrueForAll(IsDone) && going.Count == 0 && volumes.TrueForAll(IsBound),
                string.Join(' ', sets.Select(set => $"{Version(set)}:{set.GetProperty("status")}").Concat(going.Select(item => $"{Name(item)} is going"))) + left);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return (false, failure.Message);
        }
    }

    // What keeps namespaces from going.
    private static async Task<string> RemainsAsync(ServerProcess server, IReadOnlyList<string> namespaces)
    {
        var text = new StringBuilder();
        foreach (var path in namespaces.SelectMany(name => Kinds.Select(kind => string.Format(CultureInfo.InvariantCulture, kind, name))))
        {
            foreach (var item in await ListAsync(server, path))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n  {path}/{Name(item)} {item.GetProperty("metadata")} {(item.TryGetProperty("status", out var status) ? status.ToString() : "")}");
            }
        }

        return text.ToString();
    }

    private static bool IsDone(JsonElement set)
    {
        var (wanted, status) = (set.GetProperty("spec").GetProperty("replicas").GetInt32(), set.GetProperty("status"));
        return Status("observedGeneration") == set.GetProperty("metadata").GetProperty("generation").GetInt32()
            && Status("replicas") == wanted && Status("readyReplicas") == wanted && Status("updatedReplicas") == wanted;

        int Status(string field) => status.TryGetProperty(field, out var value) ? value.GetInt32() : 0;
    }

    private static bool IsGoing(JsonElement item) => item.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _);

    private static bool IsBound(JsonElement volume) => volume.GetProperty("status").GetProperty("phase").GetString() == "Bound";

    private static string Name(JsonElement item) => item.GetProperty("metadata").GetProperty("name").GetString()!;

    private static long Version(JsonElement item) =>
        long.Parse(item.GetProperty("metadata").GetProperty("resourceVersion").GetString()!, CultureInfo.InvariantCulture);

    // The newest of the objects, not of the whole cluster: a watch hears of no others.
    private async Task<long> HeadAsync(string path) => (await ListAsync(cluster.Servers[0], path)).Select(Version).DefaultIfEmpty(0).Max();

    private static async Task<List<JsonElement>> ListAsync(ServerProcess server, string path)
    {
        using var list = JsonDocument.Parse(await server.Client.GetStringAsync(path));
        return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(item => item.Clone())];
    }
}
