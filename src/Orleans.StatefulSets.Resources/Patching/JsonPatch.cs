using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Resources.Patching;

/// <summary>
/// JSON Patch (RFC 6902) with the limits of apiserver's <c>patch.go</c>. A failed operation refuses the whole patch.
/// </summary>
internal sealed class JsonPatch
{
    private const int MaxOperations = 10_000;

    // What copies and moves may touch in all, in JSON values: a patch must not cost more than its own size allows.
    private const int MaxTouchedValues = 1_000_000;

    // apiserver's AccumulatedCopySizeLimit, which is its MaxRequestBodyBytes.
    private const long MaxCopiedBytes = 3 * 1024 * 1024;

    private JsonNode? document;
    private int touched;
    private long copied;

    private JsonPatch(JsonNode? document) => this.document = document;

    public static JsonNode? Apply(JsonNode? document, JsonNode? patch)
    {
        if (patch is not JsonArray operations)
        {
            throw ApiErrors.BadRequest($"json: cannot unmarshal {JsonTree.GoKind(patch)} into Go value of type jsonpatch.Patch");
        }

        if (operations.Count > MaxOperations)
        {
            throw ApiErrors.RequestTooLarge(string.Create(
                CultureInfo.InvariantCulture, $"The allowed maximum operations in a JSON patch is {MaxOperations}, got {operations.Count}"));
        }

        if (operations.FirstOrDefault(operation => operation is not JsonObject) is { } stray)
        {
            throw ApiErrors.BadRequest($"json: cannot unmarshal {JsonTree.GoKind(stray)} into Go value of type jsonpatch.Operation");
        }

        var running = new JsonPatch(document);
        foreach (var operation in operations)
        {
            if (operation is not JsonObject step || !running.Run(step))
            {
                throw PatchErrors.Unprocessable();
            }
        }

        return running.document;
    }

    private bool Run(JsonObject operation)
    {
        if (Pointer(operation, "path") is not { } path)
        {
            return false;
        }

        var hasValue = operation.TryGetPropertyValue("value", out var value);
        switch (TextOf(operation, "op"))
        {
            case "add":
                return hasValue && Add(path, value?.DeepClone());
            case "remove":
                return Remove(path, out _);
            case "replace":
                return hasValue && Replace(path, value?.DeepClone());
            case "move":
                return Pointer(operation, "from") is { } source && Move(source, path);
            case "copy":
                return Pointer(operation, "from") is { } original && original.Find(document, out var found)
                    && Affordable(found) && Copyable(found) && Add(path, found?.DeepClone());
            case "test":
                // A place that does not exist passes for null, as in the library that apiserver uses.
                return path.Find(document, out var current) ? JsonNode.DeepEquals(current, value) : value is null;
            default:
                return false;
        }
    }

    private bool Move(JsonPointer source, JsonPointer path) =>
        !source.IsAbove(path) && source.Find(document, out var found) && Affordable(found) && Remove(source, out var value) && Add(path, value);

    private bool Add(JsonPointer path, JsonNode? value)
    {
        if (path.Depth + DepthOf(value) > ModelReader.MaxDepth)
        {
            return false;
        }

        if (path.IsRoot)
        {
            document = value;
            return true;
        }

        switch (path.Parent(document))
        {
            case JsonObject map:
                map[path.Last] = value;
                return true;
            case JsonArray list when path.Last == "-":
                list.Add(value);
                return true;
            case JsonArray list when JsonPointer.TryIndex(path.Last, list.Count + 1, out var index):
                list.Insert(index, value);
                return true;
            default:
                return false;
        }
    }

    private bool Replace(JsonPointer path, JsonNode? value)
    {
        if (path.Depth + DepthOf(value) > ModelReader.MaxDepth)
        {
            return false;
        }

        if (path.IsRoot)
        {
            document = value;
            return true;
        }

        switch (path.Parent(document))
        {
            case JsonObject map when map.ContainsKey(path.Last):
                map[path.Last] = value;
                return true;
            case JsonArray list when JsonPointer.TryIndex(path.Last, list.Count, out var index):
                list[index] = value;
                return true;
            default:
                return false;
        }
    }

    private bool Remove(JsonPointer path, out JsonNode? removed)
    {
        removed = null;
        if (path.IsRoot)
        {
            return false;
        }

        switch (path.Parent(document))
        {
            case JsonObject map when map.TryGetPropertyValue(path.Last, out removed):
                return map.Remove(path.Last);
            case JsonArray list when JsonPointer.TryIndex(path.Last, list.Count, out var index):
                removed = list[index];
                list.RemoveAt(index);
                return true;
            default:
                return false;
        }
    }

    private bool Affordable(JsonNode? value) => (touched += CountOf(value)) <= MaxTouchedValues;

    // A few large texts copied thousands of times are few values and many bytes.
    private bool Copyable(JsonNode? value) => (copied += JsonTree.Write(value).Length) <= MaxCopiedBytes;

    // Recursion is bounded: nothing deeper than the reader's bound is ever added.
    private static int DepthOf(JsonNode? value) => value switch
    {
        JsonObject map => 1 + map.Select(member => DepthOf(member.Value)).DefaultIfEmpty().Max(),
        JsonArray list => 1 + list.Select(DepthOf).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static int CountOf(JsonNode? value) => value switch
    {
        JsonObject map => 1 + map.Sum(member => CountOf(member.Value)),
        JsonArray list => 1 + list.Sum(CountOf),
        _ => 1,
    };

    private static JsonPointer? Pointer(JsonObject operation, string name) =>
        TextOf(operation, name) is { } text ? JsonPointer.Parse(text) : null;

    private static string? TextOf(JsonObject operation, string name) =>
        operation[name] is { } value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
