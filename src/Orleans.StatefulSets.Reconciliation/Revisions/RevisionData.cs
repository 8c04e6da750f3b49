using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Reconciliation.Revisions;

/// <summary>
/// The <c>data</c> of a ControllerRevision: a patch that puts a pod template in place of another, byte for byte as upstream's
/// <c>getPatch</c> makes it. The name's hash is taken over these bytes, and <c>kubectl rollout undo</c> compares them.
/// </summary>
[JsonConverter(typeof(RevisionDataConverter))]
public sealed class RevisionData
{
    // Both are functions of objects that never change, kept for as long as those live.
    private static readonly ConditionalWeakTable<V1PodTemplateSpec, RevisionData> OfTemplates = [];
    private static readonly ConditionalWeakTable<object, RevisionData> OfStored = [];

    private V1PodTemplateSpec? template;

    private RevisionData(byte[] bytes) => Bytes = bytes;

    /// <summary>UTF-8 JSON in Go's form.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The pod template that the patch puts in place (upstream <c>ApplyRevision</c>); shared, never changed.</summary>
    public V1PodTemplateSpec Template => template ??= ReadTemplate();

    /// <summary>The data of a template. Asked again with the same instance it answers from memory.</summary>
    public static RevisionData Of(V1PodTemplateSpec template) => OfTemplates.GetValue(template, Encode);

    /// <summary>The data of a revision, whichever way it was read, in Go's form.</summary>
    public static RevisionData Of(V1ControllerRevision revision) => revision.Data switch
    {
        RevisionData data => data,
        null => new RevisionData("null"u8.ToArray()),
        var stored => OfStored.GetValue(stored, Canonical),
    };

    /// <summary>The revision with data that is written in exactly these bytes again.</summary>
    public static V1ControllerRevision Keep(V1ControllerRevision revision) => revision with { Data = Of(revision) };

    /// <summary>The bytes are the same.</summary>
    public bool SameAs(RevisionData other) => ReferenceEquals(this, other) || Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);

    private static RevisionData Encode(V1PodTemplateSpec template)
    {
        using var encoded = JsonDocument.Parse(ObjectJson.Encode(template));
        var text = new StringBuilder("{\"spec\":{\"template\":");
        TemplateNormalForm.Append(text, encoded.RootElement, "\"$patch\":\"replace\"");
        return new RevisionData(Encoding.UTF8.GetBytes(text.Append("}}").ToString())) { template = template };
    }

    private static RevisionData Canonical(object stored)
    {
        if (stored is JsonElement element)
        {
            return new RevisionData(GoJson.Write(element));
        }

        using var encoded = JsonDocument.Parse(ObjectJson.Encode(stored));
        return new RevisionData(GoJson.Write(encoded.RootElement));
    }

    private V1PodTemplateSpec ReadTemplate()
    {
        using var data = JsonDocument.Parse(Bytes);
        var patch = data.RootElement.GetProperty("spec").GetProperty("template");
        return ObjectJson.Decode<V1PodTemplateSpec>(Encoding.UTF8.GetBytes(patch.GetRawText()));
    }
}

/// <summary>Writes the bytes as they are: an encoder of its own mind would unescape what Go escapes.</summary>
internal sealed class RevisionDataConverter : JsonConverter<RevisionData>
{
    public override RevisionData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return RevisionData.Of(new V1ControllerRevision { Data = document.RootElement.Clone() });
    }

    public override void Write(Utf8JsonWriter writer, RevisionData value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Bytes.Span, skipInputValidation: true);
}
