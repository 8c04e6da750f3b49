using System.Buffers;
using System.Globalization;
using System.Text;
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
    private static readonly byte[] MetadataOpening = Encoding.ASCII.GetBytes("\"metadata\":{");

    private readonly int spliceAt;
    private object? model;

    /// <param name="key">The object's key.</param>
    /// <param name="uid">Its <c>metadata.uid</c>.</param>
    /// <param name="resourceVersion">The version that the journal gave to this revision.</param>
    /// <param name="payload">JSON in the encoding of <see cref="ObjectJson"/>, without a resourceVersion.</param>
    /// <param name="model">The decoded model, where the caller has it; it is never changed from here on.</param>
    public StoredObject(ObjectKey key, string uid, long resourceVersion, ReadOnlyMemory<byte> payload, object? model = null)
    {
        Key = key;
        Uid = uid;
        ResourceVersion = resourceVersion;
        Payload = payload;
        spliceAt = payload.Span.IndexOf(MetadataOpening) + MetadataOpening.Length;
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

    /// <summary>Keeps the decoded model from now on, so that many readers decode once.</summary>
    public object KeepModel() => model ??= Decode();

    /// <summary>Lets go of the decoded model; the next reader decodes again. For old revisions, to save memory.</summary>
    public void ReleaseModel() => model = null;

    /// <summary>Writes the object as a client sees it, resourceVersion included.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        output.Write(Payload.Span[..spliceAt]);
        var splice = SpliceText();
        Encoding.ASCII.GetBytes(splice, output);
        output.Write(Payload.Span[spliceAt..]);
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

    private string SpliceText() =>
        string.Create(CultureInfo.InvariantCulture, $"\"resourceVersion\":\"{ResourceVersion}\"{(Payload.Span[spliceAt] == '}' ? "" : ",")}");

    private object Decode() => Stamp(ObjectJson.Decode(Payload.Span, Kind.ModelType));

    // The metadata is replaced, not written into: the caller may still hold the one without a version.
    private object Stamp(object decoded)
    {
        var stamped = (IMetadata<V1ObjectMeta>)decoded;
        var version = ResourceVersion.ToString(CultureInfo.InvariantCulture);
        if (stamped.Metadata.ResourceVersion == version)
        {
            return decoded;
        }

        stamped.Metadata = stamped.Metadata with { ResourceVersion = version };
        return decoded;
    }
}
