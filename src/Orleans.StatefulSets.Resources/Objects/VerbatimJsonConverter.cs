using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.StatefulSets.Resources.Objects;

/// <summary>
/// Writes a free-form part of an object with the very bytes it was read with. A ControllerRevision's data is compared byte for byte by
/// <c>kubectl rollout undo</c>, and the encoder would write <c>\u003c</c> as <c>&lt;</c>.
/// </summary>
internal sealed class VerbatimJsonConverter : JsonConverter<JsonElement>
{
    /// <inheritdoc/>
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonElement.ParseValue(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
}
