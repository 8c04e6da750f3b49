using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Server.Transfer;

/// <summary>
/// Gives objects other uids, and what refers to them theirs: every field named <c>uid</c> (of metadata, owners, claimRef, involvedObject,
/// targetRef …), the keys of managed fields and a Secret's annotation. What a user wrote (data, labels, other annotations) is left alone,
/// and so is a uid that no object of the stream has: what it referred to is gone.
/// </summary>
/// <param name="renamed">New uids by old ones.</param>
internal sealed partial class UidRenaming(IReadOnlyDictionary<string, string> renamed)
{
    private const string ServiceAccountUid = "kubernetes.io/service-account.uid";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = ObjectJson.Options.Encoder, SkipValidation = true };

    // Where only names that somebody chose stand, and what they mean.
    private static readonly HashSet<string> Free = new(StringComparer.Ordinal) { "data", "binaryData", "stringData", "labels", "matchLabels" };

    /// <summary>The encoded object with the new uids.</summary>
    public byte[] Apply(ReadOnlyMemory<byte> payload)
    {
        using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 1100 });
        var output = new ArrayBufferWriter<byte>(payload.Length);
        using (var writer = new Utf8JsonWriter(output, WriterOptions))
        {
            Write(writer, document.RootElement, "");
        }

        return output.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter writer, JsonElement element, string name)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var item in element.EnumerateArray())
            {
                Write(writer, item, "");
            }

            writer.WriteEndArray();
        }
        else if (element.ValueKind == JsonValueKind.Object && !Free.Contains(name))
        {
            WriteMembers(writer, element, isAnnotations: name == "annotations");
        }
        else
        {
            writer.WriteRawValue(element.GetRawText(), skipInputValidation: true);
        }
    }

    private void WriteMembers(Utf8JsonWriter writer, JsonElement element, bool isAnnotations)
    {
        writer.WriteStartObject();
        foreach (var member in element.EnumerateObject())
        {
            writer.WritePropertyName(KeyInManagedFields().Replace(member.Name, match => match.Groups[1].Value + NewOf(match.Groups[2].Value)));
            if (member.Value.ValueKind == JsonValueKind.String && member.NameEquals(isAnnotations ? ServiceAccountUid : "uid"))
            {
                writer.WriteStringValue(NewOf(member.Value.GetString()!));
            }
            else
            {
                Write(writer, member.Value, member.Name);
            }
        }

        writer.WriteEndObject();
    }

    private string NewOf(string uid) => renamed.GetValueOrDefault(uid, uid);

    [GeneratedRegex("""(\Ak:\{.*"uid":")([^"\\]+)(?=")""", RegexOptions.CultureInvariant)]
    private static partial Regex KeyInManagedFields();
}
