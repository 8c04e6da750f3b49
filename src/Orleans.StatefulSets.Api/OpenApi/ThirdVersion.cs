using System.Text.Json.Nodes;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.OpenApi;

/// <summary>
/// The OpenAPI 3 document of one group and version: the paths of its kinds, each with the <c>patch</c> whose parameters tell kubectl
/// that this server validates fields itself.
/// </summary>
internal static class ThirdVersion
{
    private static readonly string[] PatchParameters = ["dryRun", "fieldManager", "fieldValidation"];

    public static JsonObject Document(IReadOnlyList<ResourceKind> kinds) => new()
    {
        ["openapi"] = "3.0.0",
        ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "v1.33.1" },
        ["paths"] = new JsonObject(kinds.Select(kind => KeyValuePair.Create<string, JsonNode?>(PathOf(kind), PathItem(kind)))),
        ["components"] = new JsonObject { ["schemas"] = SchemaWriter.Write(kinds) },
    };

    /// <summary>The group, version and kind as an array or (in an operation) an object names them.</summary>
    public static JsonObject KindOf(ResourceKind kind) => new() { ["group"] = kind.Group, ["kind"] = kind.Kind, ["version"] = kind.Version };

    private static string PathOf(ResourceKind kind) =>
        (kind.Group.Length == 0 ? $"/api/{kind.Version}/" : $"/apis/{kind.Group}/{kind.Version}/")
        + (kind.Namespaced ? "namespaces/{namespace}/" : "")
        + kind.Plural + "/{name}";

    private static JsonObject PathItem(ResourceKind kind) => new()
    {
        ["get"] = Operation(kind, "get", []),
        ["patch"] = Operation(kind, "patch", PatchParameters),
    };

    private static JsonObject Operation(ResourceKind kind, string action, IReadOnlyList<string> parameters) => new()
    {
        ["parameters"] = new JsonArray([.. parameters.Select(name => new JsonObject
        {
            ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true },
        })]),
        ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        ["x-kubernetes-action"] = action,
        ["x-kubernetes-group-version-kind"] = KindOf(kind),
    };
}
