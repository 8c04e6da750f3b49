using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Patching;

/// <summary>JSON as a tree that can be changed. Of duplicate keys the last wins, as in Go; they are told to whoever asks.</summary>
internal static class JsonTree
{
    /// <summary>Parses; complaints about duplicate keys are added to the list.</summary>
    /// <exception cref="JsonException">Not JSON, or nested too deep.</exception>
    public static JsonNode? Parse(ReadOnlyMemory<byte> json, List<string>? duplicates = null)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = ModelReader.MaxDepth });
        return Build(document.RootElement, "", duplicates);
    }

    public static byte[] Write(JsonNode? node)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = ObjectJson.Options.Encoder }))
        {
            if (node is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                node.WriteTo(writer);
            }
        }

        return output.ToArray();
    }

    public static string Text(JsonNode? node) => Encoding.UTF8.GetString(Write(node));

    /// <summary>What Go calls the type of a decoded value.</summary>
    public static string GoKind(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "null",
    };

    private static JsonNode? Build(JsonElement element, string path, List<string>? duplicates)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new JsonObject();
                foreach (var member in element.EnumerateObject())
                {
                    var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
                    var value = Build(member.Value, at, duplicates);
                    if (!map.TryAdd(member.Name, value))
                    {
                        duplicates?.Add($"duplicate field {GoText.Quote(at)}");
                        map[member.Name] = value;
                    }
                }

                return map;
            case JsonValueKind.Array:
                var list = new JsonArray();
                foreach (var item in element.EnumerateArray())
                {
                    list.Add(Build(item, $"{path}[{list.Count}]", duplicates));
                }

                return list;
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }
}
