using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Orleans.StatefulSets.Resources.Decoding.Protobuf;

/// <summary>Writes messages as the JSON that Go's encoder would have made of the same objects.</summary>
internal sealed class ProtobufToJson(Utf8JsonWriter json)
{
    /// <exception cref="FormatException">The bytes are not such a message.</exception>
    public void Members(ReadOnlyMemory<byte> message, IReadOnlyList<MessageField> fields)
    {
        var values = WireValue.ReadAll(message);
        foreach (var field in fields)
        {
            var found = values.FindAll(value => value.Field == field.Number);
            if (found.Count > 0)
            {
                Member(field, found);
            }
        }
    }

    private void Member(MessageField field, List<WireValue> found)
    {
        if (field.IsInline)
        {
            Members(BytesOf(found[^1]), FieldsOf(field));
        }
        else if (field.IsList)
        {
            json.WriteStartArray(field.Name);
            foreach (var value in found.SelectMany(value => Elements(field, value)))
            {
                Value(field, value);
            }

            json.WriteEndArray();
        }
        else if (field.IsMap)
        {
            json.WriteStartObject(field.Name);
            foreach (var entry in found)
            {
                Entry(field, WireValue.ReadAll(BytesOf(entry)));
            }

            json.WriteEndObject();
        }
        else if (!IsAbsent(field, found[^1]))
        {
            json.WritePropertyName(field.Name);
            Value(field, found[^1]);
        }
    }

    private static IEnumerable<WireValue> Elements(MessageField field, WireValue value) =>
        value.IsBytes && field.Type is FieldType.Int32 or FieldType.Int64 or FieldType.Bool
            ? value.Packed().Select(number => new WireValue(value.Field, number, default, false))
            : [value];

    private void Entry(MessageField field, List<WireValue> entry)
    {
        json.WritePropertyName(Text(entry.FindLast(value => value.Field == 1).Bytes));
        var held = entry.FindLast(value => value.Field == 2);
        Value(field, held.Field == 0 ? held with { IsBytes = true } : held);
    }

    private static bool IsAbsent(MessageField field, WireValue value) => !field.KeepsZero && field.Type switch
    {
        FieldType.Bool or FieldType.Int32 or FieldType.Int64 or FieldType.Double => value.Number == 0,
        FieldType.String or FieldType.Bytes or FieldType.Raw or FieldType.Time or FieldType.MicroTime or FieldType.Quantity => value.Bytes.IsEmpty,
        _ => false,
    };

    private void Value(MessageField field, WireValue value)
    {
        switch (field.Type)
        {
            case FieldType.String:
                json.WriteStringValue(Text(BytesOf(value)));
                break;
            case FieldType.Bytes:
                json.WriteBase64StringValue(BytesOf(value).Span);
                break;
            case FieldType.Bool:
                json.WriteBooleanValue(value.Number != 0);
                break;
            case FieldType.Int32:
                json.WriteNumberValue((int)value.Number);
                break;
            case FieldType.Int64:
                json.WriteNumberValue((long)value.Number);
                break;
            case FieldType.Double:
                json.WriteNumberValue(BitConverter.UInt64BitsToDouble(value.Number));
                break;
            case FieldType.Message:
                json.WriteStartObject();
                Members(BytesOf(value), FieldsOf(field));
                json.WriteEndObject();
                break;
            default:
                Special(field.Type, WireValue.ReadAll(BytesOf(value)));
                break;
        }
    }

    // Types whose JSON is not that of their message.
    private void Special(FieldType type, List<WireValue> parts)
    {
        var first = parts.FindLast(part => part.Field == 1);
        switch (type)
        {
            case FieldType.Time or FieldType.MicroTime:
                Time(parts, type == FieldType.MicroTime ? "yyyy-MM-ddTHH:mm:ss.ffffffZ" : "yyyy-MM-ddTHH:mm:ssZ");
                break;
            case FieldType.Quantity:
                json.WriteStringValue(first.Bytes.IsEmpty ? "0"u8 : Text(first.Bytes));
                break;
            case FieldType.IntOrString when first.Number == 1:
                json.WriteStringValue(Text(parts.FindLast(part => part.Field == 3).Bytes));
                break;
            case FieldType.IntOrString:
                json.WriteNumberValue((int)parts.FindLast(part => part.Field == 2).Number);
                break;
            case FieldType.Raw when first.Bytes.IsEmpty:
                json.WriteNullValue();
                break;
            case FieldType.Raw:
                json.WriteRawValue(first.Bytes.Span);
                break;
            default:
                json.WriteStartArray();
                parts.ForEach(part => json.WriteStringValue(Text(part.Bytes)));
                json.WriteEndArray();
                break;
        }
    }

    private void Time(List<WireValue> parts, string format)
    {
        if (parts.Count == 0)
        {
            json.WriteNullValue();
            return;
        }

        var (seconds, nanoseconds) = ((long)parts.FindLast(part => part.Field == 1).Number, (int)parts.FindLast(part => part.Field == 2).Number);
        if (seconds < -62135596800 || seconds > 253402300799)
        {
            throw new FormatException("proto: a time is out of range");
        }

        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100);
        json.WriteStringValue(time.ToString(format, CultureInfo.InvariantCulture));
    }

    // The JSON writer would put replacement characters in place of what is no text.
    private static ReadOnlySpan<byte> Text(ReadOnlyMemory<byte> bytes) =>
        Utf8.IsValid(bytes.Span) ? bytes.Span : throw new FormatException("string field contains invalid UTF-8");

    private static ReadOnlyMemory<byte> BytesOf(WireValue value) => value.IsBytes
        ? value.Bytes
        : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"proto: wrong wireType = 0 for field {value.Field}"));

    private static IReadOnlyList<MessageField> FieldsOf(MessageField field) => MessageTable.Find(field.Message)!;
}
