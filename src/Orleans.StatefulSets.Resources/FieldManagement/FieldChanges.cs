using System.Text.Json.Nodes;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Patching;

namespace Orleans.StatefulSets.Resources.FieldManagement;

/// <summary>
/// What a write changed, as structured-merge-diff's Compare tells it: fields that were added or got another value, and places
/// that are gone.
/// </summary>
internal sealed class FieldChanges
{
    private FieldChanges()
    {
    }

    public FieldTree Changed { get; } = new();

    public FieldTree Removed { get; } = new();

    public bool IsEmpty => Changed.IsEmpty && Removed.IsEmpty;

    /// <summary>Compares two revisions; before is empty for a creation.</summary>
    public static FieldChanges Between(JsonObject before, JsonObject after, ModelShape shape)
    {
        var changes = new FieldChanges();
        Members(before, after, shape, changes.Changed, changes.Removed, isObject: true);
        changes.Changed.Prune();
        changes.Removed.Prune();
        return changes;
    }

    private static void Members(JsonObject before, JsonObject after, ModelShape shape, FieldTree changed, FieldTree removed, bool isObject = false)
    {
        var type = shape.Kind == ShapeKind.Struct ? shape.Type : null;
        foreach (var (name, value) in after)
        {
            if (value is not null && shape.Child(name) is { } child)
            {
                before.TryGetPropertyValue(name, out var old);
                var isThere = old is not null || FieldTopology.IsAlwaysThere(type, name, isObject);
                Value(old, value, isThere, child, type, name, changed.Below($"f:{name}"), removed.Below($"f:{name}"));
            }
        }

        foreach (var (name, value) in before)
        {
            if (value is not null && after[name] is null)
            {
                removed.Below($"f:{name}").Owned = true;
            }
        }
    }

    private static void Value(
        JsonNode? old, JsonNode value, bool isThere, ModelShape shape, Type? type, string field, FieldTree changed, FieldTree removed)
    {
        switch (value)
        {
            case JsonObject map when IsGranular(shape, type, field):
                changed.Owned = !isThere;
                Members(old as JsonObject ?? [], map, shape, changed, removed);
                break;
            case JsonArray list when FieldTopology.IsSet(type, field):
                changed.Owned = !isThere;
                Elements(old as JsonArray ?? [], list, item => $"v:{JsonTree.Text(item)}", null, changed, removed);
                break;
            case JsonArray list when FieldTopology.KeysOf(type, field) is { } keys && HasDistinctKeys(list, keys):
                changed.Owned = !isThere;
                Elements(old as JsonArray ?? [], list, item => KeyOf(item, keys), shape.Element, changed, removed);
                break;
            default:
                changed.Owned = !JsonNode.DeepEquals(old, value);
                break;
        }
    }

    private static void Elements(
        JsonArray before, JsonArray after, Func<JsonNode?, string> identity, ModelShape? element, FieldTree changed, FieldTree removed)
    {
        var old = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in before)
        {
            old[identity(item)] = item;
        }

        foreach (var item in after)
        {
            var id = identity(item);
            var stayed = old.Remove(id, out var was);
            var below = changed.Below(id);
            below.Owned = !stayed;
            if (element is not null && item is JsonObject map)
            {
                Members(was as JsonObject ?? [], map, element, below, removed.Below(id));
            }
        }

        foreach (var id in old.Keys)
        {
            removed.Below(id).Owned = true;
        }
    }

    private static bool IsGranular(ModelShape shape, Type? type, string field) => shape.Kind switch
    {
        ShapeKind.Struct => !FieldTopology.IsAtomicStruct(shape.Type),
        ShapeKind.Map => !FieldTopology.IsAtomicMap(type, field),
        _ => false,
    };

    // A list that repeats a key can only be owned as a whole.
    private static bool HasDistinctKeys(JsonArray list, string[] keys) =>
        list.All(item => item is JsonObject) && list.Select(item => KeyOf(item, keys)).Distinct().Count() == list.Count;

    private static string KeyOf(JsonNode? item, string[] keys)
    {
        var key = new JsonObject();
        foreach (var name in keys)
        {
            if (item is JsonObject map && map[name] is { } value)
            {
                key[name] = value.DeepClone();
            }
        }

        return $"k:{JsonTree.Text(key)}";
    }
}
