using System.Text.Json;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Api.Requests;

/// <summary>What of a body decides where the write goes, read without decoding the rest.</summary>
internal sealed record ObjectHeader
{
    public string ApiVersion { get; private set; } = "";

    public string Kind { get; private set; } = "";

    public string Name { get; private set; } = "";

    public string GenerateName { get; private set; } = "";

    public string Namespace { get; private set; } = "";

    /// <summary>Where, in bytes from the body's start, the members of <c>metadata</c> begin; 0 where there is no such object.</summary>
    public int MetadataStart { get; private set; }

    /// <summary>Where an empty <c>metadata.name</c> stands, as <c>"name":""</c>'s value; null where there is none.</summary>
    public int? EmptyNameAt { get; private set; }

    /// <exception cref="ApiException">400: not JSON, or of another kind than the URL names; a body that names none is of that kind.</exception>
    public static ObjectHeader Read(ReadOnlyMemory<byte> json, ResourceKind expected)
    {
        var header = TryRead(json.Span);
        if (header is null || !header.IsOf(expected))
        {
            // The decoder knows the words for whatever is wrong.
            ObjectDecoder.Decode(expected, json, FieldValidation.Ignore);
        }

        return header ?? throw ApiErrors.BadRequest($"the object provided is unrecognized (must be of type {expected.Kind})");
    }

    /// <summary>Reads what there is; null where the bytes are not a JSON object.</summary>
    public static ObjectHeader? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            var header = new ObjectHeader();
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            header.ReadMembers(ref reader);
            while (reader.Read())
            {
            }

            return header;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool IsOf(ResourceKind expected) =>
        (Kind.Length == 0 || Kind == expected.Kind) && (ApiVersion.Length == 0 || ApiVersion == expected.ApiVersion);

    private void ReadMembers(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString();
            reader.Read();
            switch (member)
            {
                case "apiVersion" when reader.TokenType == JsonTokenType.String:
                    ApiVersion = reader.GetString()!;
                    break;
                case "kind" when reader.TokenType == JsonTokenType.String:
                    Kind = reader.GetString()!;
                    break;
                case "metadata" when reader.TokenType == JsonTokenType.StartObject:
                    MetadataStart = (int)reader.BytesConsumed;
                    ReadMetadata(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString();
            reader.Read();
            var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
            switch (member)
            {
                case "name":
                    Name = text;
                    EmptyNameAt = text.Length == 0 && reader.TokenType == JsonTokenType.String ? (int)reader.TokenStartIndex : null;
                    break;
                case "generateName":
                    GenerateName = text;
                    break;
                case "namespace":
                    Namespace = text;
                    break;
            }

            reader.Skip();
        }
    }
}
