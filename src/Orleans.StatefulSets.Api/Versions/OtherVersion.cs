using System.Buffers;
using System.Text.Json;
using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Versions;

/// <summary>
/// A second group and version under which a kind is served. Its objects are stored as the first has them; the two differ in apiVersion
/// and in the names of some fields, so that bodies and answers are renamed on their way (upstream's conversions in <c>pkg/apis</c>).
/// </summary>
internal sealed record OtherVersion
{
    /// <summary>The kind as it is named here.</summary>
    public required ResourceKind Served { get; init; }

    /// <summary>The kind as it is stored.</summary>
    public required ResourceKind Stored { get; init; }

    /// <summary>Fields on the top level that have other names here.</summary>
    public IReadOnlyList<(string Served, string Stored)> Fields { get; init; } = [];

    /// <summary>Field labels of selectors that begin otherwise here.</summary>
    public IReadOnlyList<(string Served, string Stored)> FieldLabels { get; init; } = [];

    /// <summary>Fields that a new object must have here.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>All of them. Discovery names them beside the first ones, and kubectl prefers those.</summary>
    public static IReadOnlyList<OtherVersion> All { get; } =
    [
        new OtherVersion
        {
            Served = ResourceKinds.Events with { Group = "events.k8s.io", ModelType = typeof(Eventsv1Event) },
            Stored = ResourceKinds.Events,
            Fields =
            [
                ("note", "message"), ("regarding", "involvedObject"), ("reportingController", "reportingComponent"), ("deprecatedSource", "source"),
                ("deprecatedFirstTimestamp", "firstTimestamp"), ("deprecatedLastTimestamp", "lastTimestamp"), ("deprecatedCount", "count"),
            ],
            FieldLabels = [("regarding.", "involvedObject."), ("reportingController", "reportingComponent")],
            Required = ["eventTime", "reportingController", "reportingInstance", "action", "reason"],
        },

        // 1.25 took it away; clients from before then know no other.
        new OtherVersion { Served = ResourceKinds.PodDisruptionBudgets with { Version = "v1beta1" }, Stored = ResourceKinds.PodDisruptionBudgets },
    ];

    public static OtherVersion? Find(string group, string version, string plural) =>
        All.FirstOrDefault(other => other.Served.Group == group && other.Served.Version == version && other.Served.Plural == plural);

    /// <summary>An object as it is shown here.</summary>
    public StoredObject Show(StoredObject item) => new(item.Key, item.Uid, item.ResourceVersion, Rename(item.Payload.Span, toServed: true));

    /// <summary>A body as it would be written in the stored version.</summary>
    /// <exception cref="ApiException">400: it names another version than the URL. 422: a new object lacks what it must have.</exception>
    public ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> json, bool creates)
    {
        using var document = Parse(json);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } root)
        {
            return json;
        }

        if (root.TryGetProperty("apiVersion", out var version) && version.ValueKind == JsonValueKind.String && version.GetString() is { Length: > 0 } given && given != Served.ApiVersion)
        {
            throw ApiErrors.BadRequest($"the API version in the data ({given}) does not match the expected API version ({Served.ApiVersion})");
        }

        var missing = creates ? Required.Where(field => !root.TryGetProperty(field, out var value) || IsEmpty(value)).ToList() : [];
        if (missing.Count > 0)
        {
            throw ApiErrors.Invalid(Served, NameOf(root), [.. missing.Select(field => new FieldError("FieldValueRequired", field, "Required value"))]);
        }

        return Rename(json.Span, toServed: false);
    }

    /// <summary>A patch as it would be written for the stored version.</summary>
    public ReadOnlyMemory<byte> ReadPatch(ReadOnlyMemory<byte> patch)
    {
        using var document = Parse(patch);
        return document?.RootElement.ValueKind switch
        {
            JsonValueKind.Object => Rename(patch.Span, toServed: false),
            JsonValueKind.Array => RenameOperations(document.RootElement),
            _ => patch,
        };
    }

    /// <summary>A field selector as it would be written for the stored version.</summary>
    public string ReadFieldSelector(string selector) => string.Join(',', selector.Split(',').Select(part =>
        FieldLabels.FirstOrDefault(label => part.StartsWith(label.Served, StringComparison.Ordinal)) is { Served: { } served } label ? label.Stored + part[served.Length..] : part));

    // What can't be read the decoder has the words for.
    private static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0);

    private static string NameOf(JsonElement root) =>
        root.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("name", out var name)
        && name.ValueKind == JsonValueKind.String ? name.GetString()! : "";

    // Only names on the top level change; everything below is copied as it stands.
    private byte[] Rename(ReadOnlySpan<byte> json, bool toServed)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 128);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        output.Write("{"u8);
        var isFirst = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isVersion = name == "apiVersion" && reader.TokenType == JsonTokenType.String;
            reader.Skip();
            output.Write(isFirst ? ""u8 : ","u8);
            isFirst = false;
            output.Write(JsonSerializer.SerializeToUtf8Bytes(Rename(name, toServed)));
            output.Write(":"u8);
            output.Write(isVersion ? JsonSerializer.SerializeToUtf8Bytes((toServed ? Served : Stored).ApiVersion) : json[start..(int)reader.BytesConsumed]);
        }

        output.Write("}"u8);
        return output.WrittenSpan.ToArray();
    }

    private string Rename(string name, bool toServed)
    {
        foreach (var (served, stored) in Fields)
        {
            if (name == (toServed ? stored : served))
            {
                return toServed ? served : stored;
            }
        }

        return name;
    }

    private byte[] RenameOperations(JsonElement operations)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output);
        json.WriteStartArray();
        foreach (var operation in operations.EnumerateArray())
        {
            if (operation.ValueKind != JsonValueKind.Object)
            {
                operation.WriteTo(json);
                continue;
            }

            json.WriteStartObject();
            foreach (var member in operation.EnumerateObject())
            {
                if (member.Name is "path" or "from" && member.Value.ValueKind == JsonValueKind.String)
                {
                    var segments = member.Value.GetString()!.Split('/');
                    segments[1 % segments.Length] = Rename(segments[1 % segments.Length], toServed: false);
                    json.WriteString(member.Name, string.Join('/', segments));
                }
                else
                {
                    member.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }
}
