using System.Text.Json.Nodes;
using Orleans.StatefulSets.Resources.Decoding;

namespace Orleans.StatefulSets.Resources.Patching;

/// <summary>Merges lists by key, or as sets of primitives, and puts their elements in order.</summary>
internal static class MergedList
{
    public static JsonArray Of(string name, JsonArray current, JsonArray patch, JsonArray? order, ListMerge merge, ModelShape? element)
    {
        if (order is not null)
        {
            CheckOrder(name, patch, order, merge);
        }

        List<JsonNode?> result = [.. current.Select(item => item?.DeepClone())];
        if (merge.Key is null)
        {
            foreach (var item in patch.Where(item => !result.Any(present => JsonNode.DeepEquals(present, item))).ToList())
            {
                result.Add(item?.DeepClone());
            }
        }
        else
        {
            result = Maps(result, patch, merge.Key, element);
        }

        return order is null ? new JsonArray([.. result]) : Ordered(current, result, order, merge);
    }

    /// <summary>
    /// Elements that the order names stand in that order; the others keep their place before what followed them on the server
    /// (patch.go's normalizeElementOrder).
    /// </summary>
    public static JsonArray Ordered(JsonArray server, List<JsonNode?> items, JsonArray order, ListMerge merge)
    {
        var places = Places(order, merge);
        var serverPlaces = Places(server, merge);
        var named = items.Where(item => places.ContainsKey(Identity(item, merge))).OrderBy(item => places[Identity(item, merge)]).ToList();
        var others = items.Where(item => !places.ContainsKey(Identity(item, merge))).ToList();

        var result = new JsonArray();
        var (next, other) = (0, 0);
        while (next < named.Count || other < others.Count)
        {
            if (other < others.Count && (next >= named.Count || Precedes(others[other], named[next])))
            {
                result.Add(others[other++]);
            }
            else
            {
                result.Add(named[next++]);
            }
        }

        return result;

        bool Precedes(JsonNode? left, JsonNode? right) =>
            serverPlaces.TryGetValue(Identity(left, merge), out var first) && serverPlaces.TryGetValue(Identity(right, merge), out var second) && first < second;
    }

    // The first place of each element, so that long lists cost no search each.
    private static Dictionary<string, int> Places(JsonArray list, ListMerge merge)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < list.Count; index++)
        {
            places.TryAdd(Identity(list[index], merge), index);
        }

        return places;
    }

    private static List<JsonNode?> Maps(List<JsonNode?> result, JsonArray patch, string key, ModelShape? element)
    {
        var changes = patch.Select(item => item as JsonObject ?? throw PatchErrors.Unprocessable()).ToList();
        if (changes.Any(change => StrategicMergePatch.DirectiveOf(change) == "replace"))
        {
            return [.. changes.Where(change => StrategicMergePatch.DirectiveOf(change) is null).Select(change => Clean(change, element))];
        }

        foreach (var change in changes)
        {
            if (!change.TryGetPropertyValue(key, out var id) || id is null)
            {
                throw PatchErrors.Unknown($"map: {GoText.Print(change)} does not contain declared merge key: {key}");
            }

            bool IsSame(JsonNode? item) => item is JsonObject map && JsonNode.DeepEquals(map[key], id);

            var at = result.FindIndex(IsSame);
            if (StrategicMergePatch.DirectiveOf(change) == "delete")
            {
                result.RemoveAll(IsSame);
            }
            else if (at < 0)
            {
                result.Add(Clean(change, element));
            }
            else
            {
                result[at] = StrategicMergePatch.Apply((JsonObject)result[at]!, (JsonObject)change.DeepClone(), element);
            }
        }

        return result;
    }

    // An element that is new is merged into nothing, so that its nulls and directives do not stay.
    private static JsonObject Clean(JsonObject change, ModelShape? element) =>
        StrategicMergePatch.Apply([], (JsonObject)change.DeepClone(), element);

    private static void CheckOrder(string name, JsonArray patch, JsonArray order, ListMerge merge)
    {
        var places = order.Select(item => Identity(item, merge)).ToList();
        var at = -1;
        foreach (var item in patch.Where(item => item is not JsonObject map || StrategicMergePatch.DirectiveOf(map) is null))
        {
            at = places.IndexOf(Identity(item, merge), at + 1);
            if (at < 0)
            {
                throw PatchErrors.Unknown(
                    $"The order in patch list:\n{GoText.Print(patch)}\n doesn't match {StrategicMergePatch.OrderPrefix}{name} list:\n{GoText.Print(order)}\n");
            }
        }
    }

    private static string Identity(JsonNode? item, ListMerge merge) =>
        merge.Key is { } key && item is JsonObject map ? JsonTree.Text(map[key]) : JsonTree.Text(item);
}
