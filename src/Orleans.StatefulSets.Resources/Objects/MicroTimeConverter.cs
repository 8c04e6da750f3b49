using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Objects;

/// <summary>
/// metav1.MicroTime: always six digits after the point, which Go's clients demand where the type says so. The models have DateTime for it
/// as for metav1.Time, so the fields are named here.
/// </summary>
internal sealed class MicroTimeConverter : JsonConverter<DateTime?>
{
    private static readonly HashSet<(Type Model, string Field)> Fields =
    [
        (typeof(V1LeaseSpec), "acquireTime"),
        (typeof(V1LeaseSpec), "renewTime"),
        (typeof(Corev1Event), "eventTime"),
        (typeof(Corev1EventSeries), "lastObservedTime"),
        (typeof(Eventsv1Event), "eventTime"),
        (typeof(Eventsv1EventSeries), "lastObservedTime"),
    ];

    /// <summary>Gives the converter to the fields that are MicroTimes.</summary>
    public static void Modify(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (Fields.Contains((type.Type, property.Name)) && property.PropertyType == typeof(DateTime?))
            {
                property.CustomConverter = new MicroTimeConverter();
            }
        }
    }

    /// <inheritdoc/>
    public override DateTime? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        return reader.TokenType == JsonTokenType.String
            && DateTime.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new JsonException("not a time by RFC 3339");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTime? value, JsonSerializerOptions options)
    {
        if (value is { } time)
        {
            writer.WriteStringValue(TimeText.Micros(time));
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
