using System.Globalization;
using System.Text.Json;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>Reads through one silo what is there when all has come to rest.</summary>
internal sealed class EndReader(ServerProcess server)
{
    public async Task<EndState> ReadAsync() => new() { Counters = await CountersAsync(), Files = await FilesAsync(), Objects = await ObjectsAsync() };

    private async Task<IReadOnlyDictionary<string, int>> CountersAsync()
    {
        using var list = await GetAsync("/api/v1/namespaces/default/configmaps");
        return Items(list).Where(item => item.TryGetProperty("data", out var data) && data.TryGetProperty("n", out _)).ToDictionary(
            item => item.GetProperty("metadata").GetProperty("name").GetString()!,
            item => int.Parse(item.GetProperty("data").GetProperty("n").GetString()!, CultureInfo.InvariantCulture));
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> FilesAsync()
    {
        var files = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (set, _) in TorturedSets.All)
        {
            for (var ordinal = 0; ordinal < TorturedSets.MostReplicas; ordinal++)
            {
                var text = await TortureClient.ExecAsync($"{set}-{ordinal}", $"touch {LineWriter.File}; cat {LineWriter.File}", server.Url);
                Assert.True(text is not null, $"{set}-{ordinal} does not show its file");
                files[TorturedSets.ClaimOf(set, ordinal)] = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            }
        }

        return files;
    }

    // Whatever the cluster says that it has, so that nothing is forgotten.
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<Remaining>>> ObjectsAsync()
    {
        var objects = new Dictionary<string, IReadOnlyList<Remaining>>();
        using var groups = await GetAsync("/apis");
        var versions = groups.RootElement.GetProperty("groups").EnumerateArray()
            .Select(group => $"/apis/{group.GetProperty("preferredVersion").GetProperty("groupVersion").GetString()}");
        foreach (var version in versions.Prepend("/api/v1"))
        {
            using var resources = await GetAsync(version);
            foreach (var resource in resources.RootElement.GetProperty("resources").EnumerateArray().Where(IsListed).Select(resource => resource.GetProperty("name").GetString()!))
            {
                using var list = await GetAsync($"{version}/{resource}");
                objects.TryAdd(resource, [.. Items(list).Select(item => Read(resource, item))]);
            }
        }

        return objects;
    }

    private static bool IsListed(JsonElement resource) => resource.GetProperty("verbs").EnumerateArray().Any(verb => verb.GetString() == "list");

    private static Remaining Read(string resource, JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        return new Remaining(resource, Text(metadata, "namespace"), Text(metadata, "name"), Text(metadata, "uid"), ClaimOf(item));
    }

    private static string ClaimOf(JsonElement item) =>
        item.TryGetProperty("spec", out var spec) && spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty("claimRef", out var claim) ? Text(claim, "uid") : "";

    private static string Text(JsonElement parent, string field) => parent.TryGetProperty(field, out var value) ? value.GetString() ?? "" : "";

    private static JsonElement.ArrayEnumerator Items(JsonDocument list) => list.RootElement.GetProperty("items").EnumerateArray();

    private async Task<JsonDocument> GetAsync(string path) => JsonDocument.Parse(await server.Client.GetStringAsync(path));
}
