using System.Text.Json;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>
/// Takes nulls out of JSON as Go's decoder understands them: a field is left at its zero value, an element of a list or a map
/// is that zero value.
/// </summary>
internal static class NullNormalizer
{
    public static byte[] Normalize(ReadOnlyMemory<byte> json, ModelShape shape)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = ModelReader.MaxDepth });
        using var output = new MemoryStream(json.Length);
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = ObjectJson.Options.Encoder }))
        {
            Write(writer, document.RootElement, shape);
        }

        return output.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, ModelShape shape)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Struct or ShapeKind.Map when value.ValueKind == JsonValueKind.Object:
                WriteMembers(writer, value, shape);
                break;
            case ShapeKind.List when value.ValueKind == JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                {
                    WriteElement(writer, element, shape.Element!);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, JsonElement value, ModelShape shape)
    {
        writer.WriteStartObject();
        foreach (var member in value.EnumerateObject())
        {
            var child = shape.Child(member.Name);
            if (child is null || (shape.Kind == ShapeKind.Struct && member.Value.ValueKind == JsonValueKind.Null))
            {
                continue;
            }

            writer.WritePropertyName(member.Name);
            WriteElement(writer, member.Value, child);
        }

        writer.WriteEndObject();
    }

    private static void WriteElement(Utf8JsonWriter writer, JsonElement value, ModelShape shape)
    {
        if (value.ValueKind != JsonValueKind.Null)
        {
            Write(writer, value, shape);
            return;
        }

        writer.WriteRawValue(ZeroOf(shape.Kind));
    }

    private static string ZeroOf(ShapeKind kind) => kind switch
    {
        ShapeKind.String or ShapeKind.Bytes => "\"\"",
        ShapeKind.Quantity => "\"0\"",
        ShapeKind.Boolean => "false",
        ShapeKind.Int32 or ShapeKind.Int64 or ShapeKind.Double or ShapeKind.IntOrString => "0",
        ShapeKind.Struct or ShapeKind.Map => "{}",
        ShapeKind.List => "[]",
        _ => "null",
    };
}
