using System.Collections.ObjectModel;
using System.Text.Json;

namespace Orleans.StatefulSets.Resources.Objects;

/// <summary>Reads <c>metadata.labels</c> out of an encoded object and nothing else.</summary>
internal static class MetadataLabels
{
    private static readonly IDictionary<string, string> None = ReadOnlyDictionary<string, string>.Empty;

    public static IDictionary<string, string> Read(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        return reader.Read() && Enter(ref reader, "metadata"u8) && Enter(ref reader, "labels"u8) ? Pairs(ref reader) : None;
    }

    // From the opening of an object to the opening of one of its members.
    private static bool Enter(ref Utf8JsonReader reader, ReadOnlySpan<byte> member)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(member);
            reader.Read();
            if (found)
            {
                return reader.TokenType == JsonTokenType.StartObject;
            }

            reader.Skip();
        }

        return false;
    }

    private static Dictionary<string, string> Pairs(ref Utf8JsonReader reader)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            labels[key] = reader.GetString() ?? "";
        }

        return labels;
    }
}
