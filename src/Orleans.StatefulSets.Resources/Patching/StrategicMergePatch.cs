using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Resources.Patching;

/// <summary>
/// Kubernetes' strategic merge patch, after apimachinery's <c>strategicpatch/patch.go</c>: lists merge by key where the model's
/// fields say so, and directives (<c>$patch</c>, <c>$retainKeys</c>, <c>$deleteFromPrimitiveList</c>, <c>$setElementOrder</c>) steer it.
/// </summary>
internal static class StrategicMergePatch
{
    public const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string DeletePrefix = "$deleteFromPrimitiveList/";
    public const string OrderPrefix = "$setElementOrder/";

    /// <summary>The patched object; target and patch are used up.</summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch, ModelShape? shape)
    {
        switch (DirectiveOf(patch))
        {
            case "replace":
                patch.Remove(Directive);
                return (JsonObject)patch.DeepClone();
            case "delete":
                return [];
            case null:
                break;
            case "merge":
                patch.Remove(Directive);
                break;
            case { } other:
                throw PatchErrors.Unknown($"unknown patch type '{other}' found in: {GoText.Print(patch)}");
        }

        Retain(target, patch);
        var type = shape?.Kind == ShapeKind.Struct ? shape.Type : null;
        foreach (var (name, value) in patch)
        {
            if (name.StartsWith(DeletePrefix, StringComparison.Ordinal))
            {
                DeleteFromPrimitives(target, name[DeletePrefix.Length..], value);
            }
            else if (!name.StartsWith(OrderPrefix, StringComparison.Ordinal) && name != RetainKeys)
            {
                Field(target, patch, name, value, shape, MergeKeys.Of(type, name));
            }
        }

        OrderUntouchedLists(target, patch, type);
        return target;
    }

    private static void Field(JsonObject target, JsonObject patch, string name, JsonNode? value, ModelShape? shape, ListMerge? merge)
    {
        target.TryGetPropertyValue(name, out var current);
        switch (value)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject changes:
                var child = shape?.Child(name);
                var merged = Apply(current as JsonObject ?? [], changes, child);
                if (!ReferenceEquals(merged, current))
                {
                    target[name] = merged;
                }

                break;
            case JsonArray items when merge is not null:
                patch.TryGetPropertyValue(OrderPrefix + name, out var order);
                target[name] = MergedList.Of(name, current as JsonArray ?? [], items, order as JsonArray, merge, shape?.Child(name)?.Element);
                break;
            default:
                target[name] = value.DeepClone();
                break;
        }
    }

    // $setElementOrder may come alone: the list's elements stay and only change places.
    private static void OrderUntouchedLists(JsonObject target, JsonObject patch, Type? type)
    {
        foreach (var (name, value) in patch)
        {
            if (!name.StartsWith(OrderPrefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (value is not JsonArray order)
            {
                throw ApiErrors.BadRequest("invalid patch format of setElementOrder list");
            }

            var list = name[OrderPrefix.Length..];
            if (!patch.ContainsKey(list) && target[list] is JsonArray items && MergeKeys.Of(type, list) is { } merge)
            {
                target[list] = MergedList.Ordered(items, [.. items.Select(item => item?.DeepClone())], order, merge);
            }
        }
    }

    private static void Retain(JsonObject target, JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(RetainKeys, out var directive))
        {
            return;
        }

        if (directive is not JsonArray keys || keys.Any(key => key?.GetValueKind() != JsonValueKind.String))
        {
            throw ApiErrors.BadRequest("invalid patch format of retainKeys");
        }

        var retained = keys.Select(key => key!.GetValue<string>()).ToHashSet();
        if (patch.Any(change => change.Value is not null && change.Key[0] != '$' && !retained.Contains(change.Key)))
        {
            throw ApiErrors.BadRequest("invalid patch format of retainKeys");
        }

        foreach (var name in target.Select(member => member.Key).Where(name => !retained.Contains(name)).ToList())
        {
            target.Remove(name);
        }
    }

    private static void DeleteFromPrimitives(JsonObject target, string list, JsonNode? values)
    {
        if (values is not JsonArray gone)
        {
            throw ApiErrors.BadRequest("invalid patch format of primitive list");
        }

        if (target[list] is JsonArray items)
        {
            target[list] = new JsonArray([.. items
                .Where(item => !gone.Any(value => JsonNode.DeepEquals(item, value)))
                .Select(item => item?.DeepClone())]);
        }
    }

    /// <summary>The <c>$patch</c> of a map, or null.</summary>
    public static string? DirectiveOf(JsonObject map) => !map.TryGetPropertyValue(Directive, out var directive)
        ? null
        : directive?.GetValueKind() == JsonValueKind.String ? directive.GetValue<string>() : JsonTree.Text(directive);
}
