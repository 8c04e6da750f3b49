using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s;

namespace Orleans.StatefulSets.Resources.Objects;

/// <summary>
/// The one way an object becomes bytes and back: the official client's models and converters, compact, keys sorted,
/// nulls left out. Unknown fields are dropped on reading, as an API server prunes them.
/// </summary>
public static class ObjectJson
{
    /// <summary>The options behind <see cref="Encode(object)"/>; shared, and read-only.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Encodes a model as compact UTF-8 JSON.</summary>
    public static byte[] Encode(object model) => JsonSerializer.SerializeToUtf8Bytes(model, model.GetType(), Options);

    /// <summary>Decodes a model leniently.</summary>
    /// <exception cref="JsonException">The bytes are not JSON of that shape.</exception>
    public static object Decode(ReadOnlySpan<byte> json, Type modelType) =>
        JsonSerializer.Deserialize(json, modelType, Options) ?? throw new JsonException("null is not an object");

    /// <summary>Decodes a model leniently.</summary>
    /// <exception cref="JsonException">The bytes are not JSON of that shape.</exception>
    public static T Decode<T>(ReadOnlySpan<byte> json) => (T)Decode(json, typeof(T));

    private static JsonSerializerOptions CreateOptions()
    {
        JsonSerializerOptions? library = null;
        KubernetesJson.AddJsonOptions(options => library = options);
        var options = new JsonSerializerOptions(library!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        options.TypeInfoResolver = options.TypeInfoResolver!.WithAddedModifier(MicroTimeConverter.Modify);
        options.Converters.Insert(0, new QuantityConverter());
        options.Converters.Add(new VerbatimJsonConverter());
        options.MakeReadOnly();
        return options;
    }
}
