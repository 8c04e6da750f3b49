using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;
using Orleans.StatefulSets.Resources.Quantities;

namespace Orleans.StatefulSets.Resources.Objects;

/// <summary>
/// Quantities as texts. The client library never comes to an end of printing what is below zero and has an exponent, prints other
/// amounts below zero wrong, and cannot reckon with more than a decimal holds.
/// </summary>
internal sealed class QuantityConverter : JsonConverter<ResourceQuantity>
{
    // The largest amount that apimachinery keeps of what was written with a binary suffix.
    private const string Largest = "9223372036854775807";

    public override ResourceQuantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.Number ? Encoding.ASCII.GetString(reader.ValueSpan) : reader.GetString()!;
        var quantity = new ResourceQuantity(text);
        try
        {
            var isPrintable = quantity.ToDecimal() >= 0 || quantity.Format != ResourceQuantity.SuffixFormat.DecimalExponent;
            return isPrintable ? quantity : new Amount(quantity.ToDecimal(), ResourceQuantity.SuffixFormat.DecimalSI).ToQuantity();
        }
        catch (OverflowException)
        {
            return new ResourceQuantity(text.TrimStart().StartsWith('-') ? $"-{Largest}" : Largest);
        }
    }

    public override void Write(Utf8JsonWriter writer, ResourceQuantity value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToDecimal() < 0 ? Amount.Of(value).ToString() : value.ToString());
}
