using System.Buffers;
using System.Text;
using System.Text.Json;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Decoding.Protobuf;

/// <summary>
/// Bodies of <c>application/vnd.kubernetes.protobuf</c>, which kubectl since 1.32 and typed Go clients send: the bytes <c>k8s\0</c> and a
/// <c>runtime.Unknown</c> that names the kind and holds the message (apimachinery's <c>pkg/runtime/serializer/protobuf</c>).
/// </summary>
public static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private static ReadOnlySpan<byte> Prefix => "k8s\0"u8;

    /// <summary>The body as the JSON that the same client would have sent. A kind that is not known here keeps its name and loses the rest.</summary>
    /// <param name="body">The body of the request.</param>
    /// <param name="expectedKind">The kind that the URL expects, for the refusal.</param>
    /// <exception cref="ApiException">400: not such a body.</exception>
    public static ReadOnlyMemory<byte> ToJson(ReadOnlyMemory<byte> body, string expectedKind)
    {
        try
        {
            return body.Span.StartsWith(Prefix)
                ? Write(body[Prefix.Length..])
                : throw new FormatException("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or JsonException)
        {
            throw ObjectDecoder.Unrecognized(expectedKind, failure.Message, body.Span);
        }
    }

    private static ReadOnlyMemory<byte> Write(ReadOnlyMemory<byte> unknown)
    {
        var (apiVersion, kind) = ("", "");
        ReadOnlyMemory<byte> raw = default;
        foreach (var value in WireValue.ReadAll(unknown))
        {
            if (value is { Field: 1, IsBytes: true })
            {
                (apiVersion, kind) = ReadTypeMeta(value.Bytes);
            }
            else if (value is { Field: 2, IsBytes: true })
            {
                raw = value.Bytes;
            }
        }

        var output = new ArrayBufferWriter<byte>(Math.Max(256, raw.Length * 2));
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = ObjectJson.Options.Encoder });
        json.WriteStartObject();
        json.WriteString("apiVersion", apiVersion);
        json.WriteString("kind", kind);
        if (MessageTable.FindKind(apiVersion, kind) is { } fields)
        {
            new ProtobufToJson(json).Members(raw, fields);
        }

        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    private static (string ApiVersion, string Kind) ReadTypeMeta(ReadOnlyMemory<byte> typeMeta)
    {
        var (apiVersion, kind) = ("", "");
        foreach (var value in WireValue.ReadAll(typeMeta))
        {
            var text = Encoding.UTF8.GetString(value.Bytes.Span);
            (apiVersion, kind) = value.Field switch
            {
                1 => (text, kind),
                2 => (apiVersion, text),
                _ => (apiVersion, kind),
            };
        }

        return (apiVersion, kind);
    }
}
