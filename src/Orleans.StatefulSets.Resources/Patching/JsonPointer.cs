using System.Globalization;
using System.Text.Json.Nodes;

namespace Orleans.StatefulSets.Resources.Patching;

/// <summary>A place in a JSON document (RFC 6901).</summary>
internal sealed class JsonPointer
{
    private readonly string[] segments;

    private JsonPointer(string[] segments) => this.segments = segments;

    public int Depth => segments.Length;

    public bool IsRoot => segments.Length == 0;

    public string Last => segments[^1];

    /// <summary>Reads the text form, or null where it is none.</summary>
    public static JsonPointer? Parse(string text)
    {
        if (text.Length == 0)
        {
            return new JsonPointer([]);
        }

        return text[0] != '/'
            ? null
            : new JsonPointer([.. text[1..].Split('/').Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]);
    }

    /// <summary>Whether the other place lies below this one.</summary>
    public bool IsAbove(JsonPointer other) =>
        other.Depth > Depth && segments.AsSpan().SequenceEqual(other.segments.AsSpan(0, Depth));

    /// <summary>The container that holds the place, or null where there is none.</summary>
    public JsonNode? Parent(JsonNode? root)
    {
        var node = root;
        foreach (var segment in segments.AsSpan(0, segments.Length - 1))
        {
            if (!Step(node, segment, out node))
            {
                return null;
            }
        }

        return node;
    }

    /// <summary>The value at the place; false where there is none.</summary>
    public bool Find(JsonNode? root, out JsonNode? found)
    {
        found = root;
        foreach (var segment in segments)
        {
            if (!Step(found, segment, out found))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>An index into an array of that length; leading zeros and signs are none.</summary>
    public static bool TryIndex(string segment, int length, out int index) =>
        int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out index)
        && index < length && (segment.Length == 1 || segment[0] != '0');

    private static bool Step(JsonNode? node, string segment, out JsonNode? next)
    {
        next = null;
        switch (node)
        {
            case JsonObject map:
                return map.TryGetPropertyValue(segment, out next);
            case JsonArray list when TryIndex(segment, list.Count, out var index):
                next = list[index];
                return true;
            default:
                return false;
        }
    }
}
