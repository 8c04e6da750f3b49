using System.Buffers;
using System.Text.Json;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Objects;

/// <summary>
/// Encodes a revision that changed all but its spec: the spec, most of the bytes of a pod or a set, is copied from the revision before.
/// </summary>
public static class SharedSpec
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = ObjectJson.Options.Encoder, SkipValidation = true };

    /// <summary>The same bytes as <see cref="ObjectJson.Encode(object)"/> makes.</summary>
    /// <param name="model">The revision to encode.</param>
    /// <param name="before">The revision before it, if there was one.</param>
    /// <param name="payload">The bytes of the revision before.</param>
    public static byte[] Encode(object model, object? before, ReadOnlySpan<byte> payload) => (model, before) switch
    {
        (V1Pod { Spec: { } spec } pod, V1Pod earlier) when ReferenceEquals(spec, earlier.Spec) =>
            Encode(pod.ApiVersion, pod.Kind, pod.Metadata, pod.Status, payload) ?? ObjectJson.Encode(model),
        (V1StatefulSet { Spec: { } spec } set, V1StatefulSet earlier) when ReferenceEquals(spec, earlier.Spec) =>
            Encode(set.ApiVersion, set.Kind, set.Metadata, set.Status, payload) ?? ObjectJson.Encode(model),
        _ => ObjectJson.Encode(model),
    };

    private static byte[]? Encode<TStatus>(string apiVersion, string kind, V1ObjectMeta metadata, TStatus? status, ReadOnlySpan<byte> payload)
        where TStatus : class
    {
        if (apiVersion is null || kind is null || metadata is null || !TryFindSpec(payload, out var range))
        {
            return null;
        }

        var output = new ArrayBufferWriter<byte>(payload.Length + 512);
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, apiVersion);
        writer.WriteString("kind"u8, kind);
        writer.WritePropertyName("metadata"u8);
        JsonSerializer.Serialize(writer, metadata, ObjectJson.Options);
        writer.WritePropertyName("spec"u8);
        writer.WriteRawValue(payload[range], skipInputValidation: true);
        if (status is not null)
        {
            writer.WritePropertyName("status"u8);
            JsonSerializer.Serialize(writer, status, ObjectJson.Options);
        }

        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static bool TryFindSpec(ReadOnlySpan<byte> payload, out Range range)
    {
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSpec = reader.ValueTextEquals("spec"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isSpec)
            {
                range = start..(int)reader.BytesConsumed;
                return true;
            }
        }

        range = default;
        return false;
    }
}
