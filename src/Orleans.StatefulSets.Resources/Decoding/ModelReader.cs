using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>A value of the wrong type, and where: enough for each of the texts that Go's decoders give it.</summary>
/// <param name="Found"><c>string</c>, <c>number</c>, <c>number 1.5</c>, <c>bool</c>, <c>object</c> or <c>array</c>.</param>
/// <param name="Wanted">The shape that was declared.</param>
/// <param name="GoType">The declared type's name in Go.</param>
/// <param name="Struct">The innermost struct's name, "" at the root.</param>
/// <param name="Field">The field's path without indexes and map keys.</param>
internal sealed record TypeMismatch(string Found, ModelShape Wanted, string GoType, string Struct, string Field)
{
    /// <summary>As <c>encoding/json</c>'s UnmarshalTypeError says it.</summary>
    public override string ToString() => Field.Length == 0
        ? $"json: cannot unmarshal {Found} into Go value of type {GoType}"
        : $"json: cannot unmarshal {Found} into Go struct field {Struct}.{Field} of type {GoType}";
}

/// <summary>
/// One pass over JSON along a model's shape: unknown and duplicate fields with their paths as sigs.k8s.io/json words them,
/// the first value of a wrong type, and whether there are nulls that the model cannot hold.
/// </summary>
internal sealed class ModelReader
{
    /// <summary>As deep as the models' serializer reads.</summary>
    public const int MaxDepth = 64;

    // sigs.k8s.io/json stops collecting there too.
    private const int MaxComplaints = 100;

    private readonly StringBuilder path = new();
    private readonly List<string> goPath = [];
    private readonly List<string> complaints = [];
    private string innermost = "";

    private ModelReader()
    {
    }

    /// <summary><c>unknown field "spec.foo"</c>, <c>duplicate field "spec.replicas"</c>, each once, in order.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    /// <summary>The first value of a wrong type.</summary>
    public TypeMismatch? Mismatch { get; private set; }

    /// <summary>The first text that is no time, quantity or base64, as its own parser words it.</summary>
    public string? BadText { get; private set; }

    /// <summary>Whether nulls stand where the model holds no null: they have to become absent or empty first.</summary>
    public bool NeedsNormalizing { get; private set; }

    /// <summary>Reads a whole document.</summary>
    /// <exception cref="JsonException">It is not JSON, or nested too deep.</exception>
    public static ModelReader Read(ReadOnlySpan<byte> json, ModelShape shape)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        var found = new ModelReader();
        reader.Read();
        found.Value(ref reader, shape, GoNames.OfShape(shape));
        while (reader.Read())
        {
        }

        return found;
    }

    private void Value(ref Utf8JsonReader reader, ModelShape shape, string goType)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Any:
                reader.Skip();
                break;
            case ShapeKind.Struct when reader.TokenType == JsonTokenType.StartObject:
                Struct(ref reader, shape);
                break;
            case ShapeKind.Map when reader.TokenType == JsonTokenType.StartObject:
                Map(ref reader, shape);
                break;
            case ShapeKind.List when reader.TokenType == JsonTokenType.StartArray:
                List(ref reader, shape);
                break;
            default:
                Scalar(ref reader, shape, goType);
                break;
        }
    }

    private void Struct(ref Utf8JsonReader reader, ModelShape shape)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var outer = innermost;
        var mark = path.Length;
        innermost = shape.GoName;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            PushName(name);
            if (!shape.Fields.TryGetValue(name, out var field))
            {
                Complain("unknown field");
                reader.Skip();
            }
            else
            {
                if (!seen.Add(name))
                {
                    Complain("duplicate field");
                }

                goPath.Add(name);
                if (reader.TokenType == JsonTokenType.Null)
                {
                    NeedsNormalizing |= !field.AcceptsNull;
                }
                else
                {
                    Value(ref reader, field.Shape, field.GoType);
                }

                goPath.RemoveAt(goPath.Count - 1);
            }

            path.Length = mark;
        }

        innermost = outer;
    }

    private void Map(ref Utf8JsonReader reader, ModelShape shape)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var element = shape.Element!;
        var mark = path.Length;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            PushName(name);
            if (!seen.Add(name))
            {
                Complain("duplicate field");
            }

            Element(ref reader, element);
            path.Length = mark;
        }
    }

    private void List(ref Utf8JsonReader reader, ModelShape shape)
    {
        var element = shape.Element!;
        var mark = path.Length;
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            path.Append(CultureInfo.InvariantCulture, $"[{index}]");
            Element(ref reader, element);
            path.Length = mark;
        }
    }

    private void Element(ref Utf8JsonReader reader, ModelShape element)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            NeedsNormalizing |= element.Kind != ShapeKind.Any;
            return;
        }

        Value(ref reader, element, GoNames.OfShape(element));
    }

    private void Scalar(ref Utf8JsonReader reader, ModelShape shape, string goType)
    {
        if (!Takes(ref reader, shape, out var found))
        {
            Mismatch ??= new TypeMismatch(found, shape, goType, innermost, string.Join('.', goPath));
            reader.Skip();
            return;
        }

        if (shape.Kind is ShapeKind.Time or ShapeKind.Quantity or ShapeKind.Bytes && reader.TokenType == JsonTokenType.String)
        {
            BadText ??= Complaint(reader.GetString()!, shape.Kind);
        }
        else if (shape.Kind == ShapeKind.Quantity)
        {
            BadText ??= QuantityText.Complaint(Encoding.ASCII.GetString(reader.ValueSpan));
        }
    }

    private static bool Takes(ref Utf8JsonReader reader, ModelShape shape, out string found)
    {
        found = reader.TokenType switch
        {
            JsonTokenType.String => "string",
            JsonTokenType.Number => "number",
            JsonTokenType.True or JsonTokenType.False => "bool",
            JsonTokenType.StartObject => "object",
            JsonTokenType.StartArray => "array",
            _ => "null",
        };
        switch (shape.Kind)
        {
            case ShapeKind.Quantity or ShapeKind.IntOrString when found == "string":
            case ShapeKind.String or ShapeKind.Time or ShapeKind.Bytes when found == "string":
            case ShapeKind.Boolean when found == "bool":
            case ShapeKind.Double or ShapeKind.Quantity when found == "number":
                return true;
            case ShapeKind.Int32 or ShapeKind.IntOrString when found == "number":
                found = NumberIn(ref reader);
                return reader.TryGetInt32(out _);
            case ShapeKind.Int64 when found == "number":
                found = NumberIn(ref reader);
                return reader.TryGetInt64(out _);
            default:
                return false;
        }
    }

    private static string NumberIn(ref Utf8JsonReader reader) => $"number {Encoding.ASCII.GetString(reader.ValueSpan)}";

    private static string? Complaint(string text, ShapeKind kind) => kind switch
    {
        ShapeKind.Time => GoTime.Complaint(text),
        ShapeKind.Quantity => QuantityText.Complaint(text),
        _ => Base64Text.Complaint(text),
    };

    private void PushName(string name)
    {
        if (path.Length > 0)
        {
            path.Append('.');
        }

        path.Append(name);
    }

    private void Complain(string what)
    {
        if (complaints.Count >= MaxComplaints)
        {
            return;
        }

        var complaint = $"{what} {GoText.Quote(path.ToString())}";
        if (!complaints.Contains(complaint))
        {
            complaints.Add(complaint);
        }
    }
}
