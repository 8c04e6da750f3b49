using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Patching;

/// <summary>Applies a client's patch to an object's JSON, with the errors of apiserver's <c>patch.go</c>.</summary>
public static class ObjectPatcher
{
    /// <summary>The JSON of the patched object; still to be decoded and validated.</summary>
    /// <exception cref="ApiException">400: the patch is malformed. 422: it does not apply. 413: too many operations.</exception>
    public static byte[] Apply(ResourceKind kind, PatchKind patch, ReadOnlyMemory<byte> currentJson, ReadOnlyMemory<byte> patchBody) =>
        Apply(kind.ModelType, patch, currentJson, patchBody).Json;

    internal static PatchedJson Apply(Type modelType, PatchKind patch, ReadOnlyMemory<byte> currentJson, ReadOnlyMemory<byte> patchBody)
    {
        var duplicates = new List<string>();
        var body = ParseBody(patch, patchBody, duplicates);
        var current = JsonTree.Parse(currentJson);
        var result = patch switch
        {
            PatchKind.Json => JsonPatch.Apply(current, body),
            PatchKind.Merge => MergePatch.Apply(current, Map(body, "error decoding patch: ")),
            PatchKind.StrategicMerge => StrategicMergePatch.Apply(
                current as JsonObject ?? [], (JsonObject)Map(body, "").DeepClone(), ModelShape.Of(modelType)),
            _ => throw ApiErrors.UnsupportedMediaType("unsupported patch type"),
        };
        var json = JsonTree.Write(result);

        // Strategic merge refuses with the patch, the others with the patched object.
        return new PatchedJson(json, () => patch == PatchKind.StrategicMerge ? GoText.Print(body) : JsonTree.Text(result), duplicates);
    }

    private static JsonNode? ParseBody(PatchKind patch, ReadOnlyMemory<byte> patchBody, List<string> duplicates)
    {
        try
        {
            return JsonTree.Parse(patchBody, patch == PatchKind.Json ? null : duplicates);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            var prefix = patch == PatchKind.Merge ? "error decoding patch: " : "";
            throw ApiErrors.BadRequest($"{prefix}{JsonSyntax.Complaint(patchBody.Span) ?? "exceeded max depth"}");
        }
    }

    private static JsonObject Map(JsonNode? body, string prefix) => body switch
    {
        JsonObject map => map,
        null => [],
        _ => throw ApiErrors.BadRequest($"{prefix}json: cannot unmarshal {JsonTree.GoKind(body)} into Go value of type map[string]interface {{}}"),
    };
}

/// <summary>A patched object, what a refusal quotes of it, and what was wrong with the patch itself.</summary>
internal sealed record PatchedJson(byte[] Json, Func<string> Quoted, IReadOnlyList<string> Complaints);
