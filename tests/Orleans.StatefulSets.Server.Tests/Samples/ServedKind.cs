using System.Text.Json.Nodes;

namespace Orleans.StatefulSets.Server.Tests.Samples;

/// <summary>A kind as discovery names it, so that a new one is met without being named here.</summary>
internal sealed record ServedKind
{
    public required string GroupVersion { get; init; }

    public required string Plural { get; init; }

    public required string Kind { get; init; }

    public required bool Namespaced { get; init; }

    public required IReadOnlyList<string> Verbs { get; init; }

    public IReadOnlyList<string> Subresources { get; init; } = [];

    /// <summary>Where its group and version begin: <c>/api/v1</c> or <c>/apis/apps/v1</c>.</summary>
    public string Root => GroupVersion.Contains('/') ? $"/apis/{GroupVersion}" : $"/api/{GroupVersion}";

    /// <summary>The URL of a collection; of all namespaces where none is given.</summary>
    public string Collection(string @namespace = "") =>
        Namespaced && @namespace.Length > 0 ? $"{Root}/namespaces/{@namespace}/{Plural}" : $"{Root}/{Plural}";

    public override string ToString() => $"{Plural} of {GroupVersion}";

    /// <summary>Asks the server what it serves: every kind that can be listed and watched.</summary>
    public static async Task<IReadOnlyList<ServedKind>> DiscoverAsync(HttpClient http)
    {
        var groups = (await ReadAsync(http, "/apis"))["groups"]!.AsArray();
        var versions = groups.SelectMany(group => group!["versions"]!.AsArray()).Select(version => $"/apis/{version!["groupVersion"]}");
        var kinds = new List<ServedKind>();
        foreach (var path in versions.Prepend("/api/v1"))
        {
            kinds.AddRange(Read(await ReadAsync(http, path)));
        }

        return kinds;
    }

    private static async Task<JsonNode> ReadAsync(HttpClient http, string path) => JsonNode.Parse(await http.GetStringAsync(path))!;

    private static IEnumerable<ServedKind> Read(JsonNode list)
    {
        var resources = list["resources"]!.AsArray().Select(resource => resource!).ToList();
        return resources
            .Where(resource => VerbsOf(resource) is var verbs && verbs.Contains("list") && verbs.Contains("watch"))
            .Select(resource => new ServedKind
            {
                GroupVersion = $"{list["groupVersion"]}",
                Plural = $"{resource["name"]}",
                Kind = $"{resource["kind"]}",
                Namespaced = resource["namespaced"]!.GetValue<bool>(),
                Verbs = VerbsOf(resource),
                Subresources = [.. resources.Select(other => $"{other["name"]}").Where(name => name.StartsWith($"{resource["name"]}/", StringComparison.Ordinal)).Select(name => name.Split('/')[1])],
            });
    }

    private static List<string> VerbsOf(JsonNode resource) => [.. resource["verbs"]!.AsArray().Select(verb => $"{verb}")];
}
