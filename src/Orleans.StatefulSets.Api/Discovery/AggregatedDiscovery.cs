using System.Text.Json.Nodes;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Discovery;

/// <summary>All of a prefix's groups in one document (apidiscovery.k8s.io), which kubectl has asked for first since 1.26.</summary>
internal static class AggregatedDiscovery
{
    /// <param name="isCore">The core group of <c>/api</c>, or the others of <c>/apis</c>.</param>
    /// <param name="version"><c>v2</c> or <c>v2beta1</c>; they have the same form.</param>
    public static JsonObject Document(bool isCore, string version) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = "apidiscovery.k8s.io/" + version,
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. ServedResource.Groups.Where(group => group.Key.Group.Length == 0 == isCore).GroupBy(group => group.Key.Group).Select(Group)]),
    };

    private static JsonObject Group(IGrouping<string, IGrouping<(string Group, string Version), ResourceKind>> group) => new()
    {
        ["metadata"] = group.Key.Length == 0
            ? new JsonObject { ["creationTimestamp"] = null }
            : new JsonObject { ["name"] = group.Key, ["creationTimestamp"] = null },
        ["versions"] = new JsonArray([.. group.Select(version => new JsonObject
        {
            ["version"] = version.Key.Version,
            ["resources"] = new JsonArray([.. version.OrderBy(kind => kind.Plural, StringComparer.Ordinal).Select(Resource)]),
            ["freshness"] = "Current",
        })]),
    };

    private static JsonObject Resource(ResourceKind kind)
    {
        var resource = new JsonObject
        {
            ["resource"] = kind.Plural,
            ["responseKind"] = Kind((kind.Group, kind.Version, kind.Kind)),
            ["scope"] = kind.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = kind.Singular,
            ["verbs"] = Texts(ServedResource.Verbs(kind)),
        };
        AddTexts(resource, "shortNames", kind.ShortNames);
        AddTexts(resource, "categories", kind.Categories);
        if (kind.Subresources.Count > 0)
        {
            resource["subresources"] = new JsonArray([.. kind.Subresources.Order(StringComparer.Ordinal).Select(name => new JsonObject
            {
                ["subresource"] = name,
                ["responseKind"] = Kind(ServedResource.KindOf(kind, name)),
                ["verbs"] = Texts(ServedResource.Verbs(name)),
            })]);
        }

        return resource;
    }

    private static JsonObject Kind((string Group, string Version, string Kind) kind) =>
        new() { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind };

    private static void AddTexts(JsonObject resource, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            resource[name] = Texts(texts);
        }
    }

    private static JsonArray Texts(IReadOnlyList<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
