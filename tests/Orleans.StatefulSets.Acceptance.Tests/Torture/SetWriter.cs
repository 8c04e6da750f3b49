using System.Net;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>Scales a set, changes its template, deletes its pods; and deletes the set and makes it again.</summary>
internal sealed class SetWriter(TortureClient client, string name, string policy, Random chance)
{
    private static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(90);
    private readonly string path = $"{TorturedSets.PathIn(Writers.Namespace)}/{name}";

    public async Task ChangeAsync()
    {
        var (method, target, body) = chance.Next(10) switch
        {
            < 4 => (HttpMethod.Patch, path, $$$"""{"spec":{"replicas":{{{chance.Next(TorturedSets.MostReplicas + 1)}}}}}"""),
            < 6 => (HttpMethod.Patch, path, $$$$$$"""{"spec":{"template":{"metadata":{"annotations":{"turn":"{{{{{{chance.Next(1000)}}}}}}"}}}}}"""),
            _ => (HttpMethod.Delete, $"/api/v1/namespaces/{Writers.Namespace}/pods/{name}-{chance.Next(TorturedSets.MostReplicas)}", (string?)null),
        };
        var (code, written) = await client.SendAsync(method, target, body, client.Any(chance));
        client.Remember(method == HttpMethod.Delete ? "pods" : "statefulsets", code, written);
        if (method == HttpMethod.Delete)
        {
            client.RememberDeletion(target, code, written);
        }
    }

    /// <summary>Deletes the set, with its pods or without them, or asks for it again where it is gone: one step of either.</summary>
    public async Task RecreateAsync()
    {
        var (code, stored) = await client.SendAsync(HttpMethod.Get, path, null, client.Any(chance));
        if (code == HttpStatusCode.NotFound)
        {
            await CreateAsync();
        }
        else if (code == HttpStatusCode.OK && stored!["metadata"]!["deletionTimestamp"] is null && chance.Next(4) == 0)
        {
            var policy = chance.GetItems<string>(["Background", "Foreground", "Orphan"], 1)[0];
            var (deleted, answer) = await client.SendAsync(HttpMethod.Delete, $"{path}?propagationPolicy={policy}", null, client.Any(chance));
            client.Remember("statefulsets", deleted, answer);
            client.RememberDeletion($"{path} ({policy})", deleted, answer);
        }
    }

    /// <summary>The set is there in the end, with all its pods: one that is being deleted must be gone before it can be made.</summary>
    public Task FinishAsync() => Deadline.WaitAsync(
        FinishLimit,
        async () =>
        {
            var manifest = TorturedSets.Manifest(name, policy, TorturedSets.MostReplicas);
            await client.DemandAsync(HttpMethod.Post, TorturedSets.PathIn(Writers.Namespace), manifest, HttpStatusCode.Created, HttpStatusCode.Conflict);
            var scaled = await client.DemandAsync(HttpMethod.Patch, path, $$$"""{"spec":{"replicas":{{{TorturedSets.MostReplicas}}}}}""", HttpStatusCode.OK, HttpStatusCode.NotFound);
            return scaled["kind"]!.GetValue<string>() == "StatefulSet" && scaled["metadata"]!["deletionTimestamp"] is null;
        },
        () => $"{name} does not come to be");

    private async Task CreateAsync()
    {
        var manifest = TorturedSets.Manifest(name, policy, chance.Next(TorturedSets.MostReplicas + 1));
        var (code, written) = await client.SendAsync(HttpMethod.Post, TorturedSets.PathIn(Writers.Namespace), manifest, client.Any(chance));
        client.Remember("statefulsets", code, written);
    }
}
