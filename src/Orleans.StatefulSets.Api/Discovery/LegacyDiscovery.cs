using System.Text.Json.Nodes;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Discovery;

/// <summary>Discovery a document at a time, for clients that don't know the aggregated form.</summary>
internal static class LegacyDiscovery
{
    public static JsonObject Versions(string serverAddress) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = serverAddress }),
    };

    public static JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. ServedResource.Groups.Select(group => group.Key.Group).Where(name => name.Length > 0).Distinct().Select(GroupOf)]),
    };

    /// <summary>One group, or null where it isn't served.</summary>
    public static JsonObject? Group(string name)
    {
        if (name.Length == 0 || ServedResource.Groups.All(group => group.Key.Group != name))
        {
            return null;
        }

        var group = GroupOf(name);
        group["kind"] = "APIGroup";
        group["apiVersion"] = "v1";
        return group;
    }

    /// <summary>The resources of a group's version, or null where it isn't served.</summary>
    public static JsonObject? Resources(string group, string version)
    {
        if (ServedResource.Groups.FirstOrDefault(served => served.Key == (group, version)) is not { } found)
        {
            return null;
        }

        var list = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0)
        {
            list["apiVersion"] = "v1";
        }

        list["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}";
        list["resources"] = new JsonArray([.. found.OrderBy(kind => kind.Plural, StringComparer.Ordinal).SelectMany(Entries)]);
        return list;
    }

    // The version that objects are stored in comes first, and is preferred.
    private static JsonObject GroupOf(string name)
    {
        List<string> versions = [.. ServedResource.Groups.Where(group => group.Key.Group == name).Select(group => group.Key.Version)];
        JsonObject Version(string version) => new() { ["groupVersion"] = $"{name}/{version}", ["version"] = version };
        return new JsonObject { ["name"] = name, ["versions"] = new JsonArray([.. versions.Select(Version)]), ["preferredVersion"] = Version(versions[0]) };
    }

    private static IEnumerable<JsonNode> Entries(ResourceKind kind)
    {
        yield return Entry(kind.Plural, kind.Singular, kind.Namespaced, kind.Kind, ServedResource.Verbs(kind), kind.ShortNames, kind.Categories);
        foreach (var subresource in kind.Subresources.Order(StringComparer.Ordinal))
        {
            var answered = ServedResource.KindOf(kind, subresource);
            var entry = Entry($"{kind.Plural}/{subresource}", "", kind.Namespaced, answered.Kind, ServedResource.Verbs(subresource), [], []);
            if (answered.Group != kind.Group)
            {
                entry["group"] = answered.Group;
                entry["version"] = answered.Version;
            }

            yield return entry;
        }
    }

    private static JsonObject Entry(
        string name, string singular, bool namespaced, string kind, IReadOnlyList<string> verbs, IReadOnlyList<string> shortNames,
        IReadOnlyList<string> categories)
    {
        var entry = new JsonObject
        {
            ["name"] = name,
            ["singularName"] = singular,
            ["namespaced"] = namespaced,
            ["kind"] = kind,
            ["verbs"] = Texts(verbs),
        };
        if (shortNames.Count > 0)
        {
            entry["shortNames"] = Texts(shortNames);
        }

        if (categories.Count > 0)
        {
            entry["categories"] = Texts(categories);
        }

        return entry;
    }

    private static JsonArray Texts(IReadOnlyList<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
