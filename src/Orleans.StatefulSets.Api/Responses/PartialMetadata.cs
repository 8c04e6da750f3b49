using System.Buffers;
using System.Text.Json;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Responses;

/// <summary>An object's metadata alone, cut from the encoded bytes without decoding them.</summary>
internal static class PartialMetadata
{
    public static void Write(IBufferWriter<byte> output, StoredObject item, string metaVersion)
    {
        output.Write(metaVersion == "v1"
            ? "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":"u8
            : "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1beta1\",\"metadata\":"u8);
        var whole = item.ToArray();
        output.Write(MetadataOf(whole));
        output.Write("}"u8);
    }

    private static ReadOnlySpan<byte> MetadataOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isMetadata)
            {
                return json[start..(int)reader.BytesConsumed];
            }
        }

        return "{}"u8;
    }
}
