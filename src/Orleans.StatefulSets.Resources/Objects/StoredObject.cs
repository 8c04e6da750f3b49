using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Resources.Objects;

/// <summary>
/// One committed revision of one object. Immutable, encoded once and shared by whoever needs it in the process.
/// The payload leaves out <c>metadata.resourceVersion</c>, which the journal gives after the encoding: it is spliced in
/// when the object is written to a client.
/// </summary>
public sealed class StoredObject
{
    private int spliceAt;
    private object? model;
    private IDictionary<string, string>? labels;

    /// <param name="key">The object's key.</param>
    /// <param name="uid">Its <c>metadata.uid</c>.</param>
    /// <param name="resourceVersion">The version that the journal gave to this revision; 0 for one that was never committed (a dry run).</param>
    /// <param name="payload">JSON in the encoding of <see cref="ObjectJson"/>, without a resourceVersion.</param>
    /// <param name="model">The decoded model, where the caller has it; it is never changed from here on.</param>
    public StoredObject(ObjectKey key, string uid, long resourceVersion, ReadOnlyMemory<byte> payload, object? model = null)
    {
        Key = key;
        Uid = uid;
        ResourceVersion = resourceVersion;
        Payload = payload;
        if (model is not null)
        {
            this.model = Stamp(model);
        }
    }

    /// <summary>The object's key.</summary>
    public ObjectKey Key { get; }

    /// <summary>The object's <c>metadata.uid</c>.</summary>
    public string Uid { get; }

    /// <summary>The version that the journal gave to this revision.</summary>
    public long ResourceVersion { get; }

    /// <summary>The encoded object without its resourceVersion.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The kind of the object.</summary>
    public ResourceKind Kind => ResourceKinds.Of(Key);

    // Found when it is first asked for: most revisions are written to nobody.
    private int SpliceAt => spliceAt > 0 ? spliceAt : spliceAt = MetadataStart(Payload.Span);

    /// <summary>The length in bytes of what <see cref="WriteTo"/> writes.</summary>
    public int EncodedLength => Payload.Length + SpliceText().Length;

    /// <summary>
    /// The decoded model, with its resourceVersion. Whoever reads it shares it: it must not be changed; models are records,
    /// so <c>with</c> makes the next one.
    /// </summary>
    public object Model => model ?? Decode();

    /// <summary>The decoded model as its own type; it must not be changed.</summary>
    public T As<T>() => (T)Model;

    /// <summary>The decoded model's metadata; it must not be changed.</summary>
    public V1ObjectMeta Metadata => ((IMetadata<V1ObjectMeta>)Model).Metadata;

    /// <summary>
    /// The labels, read from the payload's metadata alone where the model is not kept, and then kept; they must not be changed.
    /// Selecting among many objects so costs no decoding.
    /// </summary>
    public IDictionary<string, string> Labels => labels ??= (model as IMetadata<V1ObjectMeta>)?.Metadata.Labels ?? MetadataLabels.Read(Payload.Span);

    /// <summary>Keeps the decoded model from now on, so that many readers decode once.</summary>
    public object KeepModel() => model ??= Decode();

    /// <summary>Lets go of the decoded model; the next reader decodes again. For old revisions, to save memory.</summary>
    public void ReleaseModel() => model = null;

    /// <summary>Writes the object as a client sees it, resourceVersion included.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        output.Write(Payload.Span[..SpliceAt]);
        var splice = SpliceText();
        Encoding.ASCII.GetBytes(splice, output);
        output.Write(Payload.Span[SpliceAt..]);
    }

    /// <summary>The object as a client sees it, resourceVersion included.</summary>
    public byte[] ToArray()
    {
        var output = new ArrayBufferWriter<byte>(EncodedLength);
        WriteTo(output);
        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Key}@{ResourceVersion.ToString(CultureInfo.InvariantCulture)}";

    private string SpliceText() => ResourceVersion == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"\"resourceVersion\":\"{ResourceVersion}\"{(Payload.Span[SpliceAt] == '}' ? "" : ",")}");

    // The object's own metadata: a ControllerRevision's data, which stands before it, holds a template that has metadata too.
    private static int MetadataStart(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (isMetadata && reader.TokenType == JsonTokenType.StartObject)
            {
                return (int)reader.BytesConsumed;
            }

            reader.Skip();
        }

        throw new JsonException("The object has no metadata.");
    }

    private object Decode() => Stamp(ObjectJson.Decode(Payload.Span, Kind.ModelType));

    // The metadata is replaced, not written into: the caller may still hold the one without a version.
    private object Stamp(object decoded)
    {
        var stamped = (IMetadata<V1ObjectMeta>)decoded;
        var version = ResourceVersion == 0 ? null : ResourceVersion.ToString(CultureInfo.InvariantCulture);
        if (stamped.Metadata.ResourceVersion == version)
        {
            return decoded;
        }

        stamped.Metadata = stamped.Metadata with { ResourceVersion = version };
        return decoded;
    }
}
