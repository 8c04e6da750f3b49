using System.Text.Json.Nodes;

namespace Orleans.StatefulSets.Resources.Patching;

/// <summary>JSON Merge Patch (RFC 7386).</summary>
internal static class MergePatch
{
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result.TryGetPropertyValue(name, out var current);
                var merged = Apply(current, value);
                if (!ReferenceEquals(merged, current))
                {
                    result[name] = merged;
                }
            }
        }

        return result;
    }
}
