using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Resources.Columns;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Tables;

/// <summary>Objects as rows of a meta.k8s.io Table, which kubectl prints as it is.</summary>
internal sealed class TableBody(ResourceKind kind, string metaVersion, RowObject rowObject, DateTime now)
{
    private readonly TableLayout layout = TableLayouts.For(kind);

    /// <summary>A Table of one object: the answer to a get, or a watch's event.</summary>
    /// <param name="output">Where the table goes.</param>
    /// <param name="item">The object.</param>
    /// <param name="withColumns">False for all events of a watch but the first, whose client knows the columns by then.</param>
    public void WriteSingle(IBufferWriter<byte> output, StoredObject item, bool withColumns)
    {
        Open(output, item.ResourceVersion, withColumns);
        WriteRow(output, item);
        output.Write("]}"u8);
    }

    /// <summary>A bookmark in a watch of Tables: one row with nothing in its cells.</summary>
    public void WriteBookmark(IBufferWriter<byte> output, long resourceVersion, ReadOnlySpan<byte> metadata, bool withColumns)
    {
        Open(output, resourceVersion, withColumns);
        using var json = new Utf8JsonWriter(output, JsonStyle.Open);
        json.WriteStartObject();
        json.WriteStartArray("cells");
        foreach (var _ in layout.Columns)
        {
            json.WriteStringValue("");
        }

        json.WriteEndArray();
        json.WriteStartObject("object");
        json.WriteString("kind", "PartialObjectMetadata");
        json.WriteString("apiVersion", "meta.k8s.io/" + metaVersion);
        json.WritePropertyName("metadata");
        json.WriteRawValue(metadata, skipInputValidation: true);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        output.Write("]}"u8);
    }

    public void WriteColumns(Utf8JsonWriter json)
    {
        json.WriteStartArray("columnDefinitions");
        foreach (var column in layout.Columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteString("type", column.Type);
            json.WriteString("format", column.Format);
            json.WriteString("description", column.Description);
            json.WriteNumber("priority", column.Priority);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public void WriteRow(IBufferWriter<byte> output, StoredObject item)
    {
        using (var json = new Utf8JsonWriter(output, JsonStyle.Open))
        {
            json.WriteStartObject();
            json.WriteStartArray("cells");
            foreach (var cell in layout.Cells(item.Model, now))
            {
                WriteCell(json, cell);
            }

            json.WriteEndArray();
        }

        output.Write(",\"object\":"u8);
        switch (rowObject)
        {
            case RowObject.Object:
                item.WriteTo(output);
                break;
            case RowObject.Metadata:
                PartialMetadata.Write(output, item, metaVersion);
                break;
            default:
                output.Write("null"u8);
                break;
        }

        output.Write("}"u8);
    }

    /// <summary>Reads <c>includeObject</c>.</summary>
    /// <exception cref="ApiException">422: none of the three.</exception>
    public static RowObject ReadRowObject(string text) => text switch
    {
        "" or "Metadata" => RowObject.Metadata,
        "None" => RowObject.None,
        "Object" => RowObject.Object,
        _ => throw Refusals.InvalidOptions("TableOptions", [new FieldError(
            "FieldValueInvalid", "includeObject", $"Invalid value: \"{text}\": must be 'Metadata', 'Object', 'None', or empty")]),
    };

    private void Open(IBufferWriter<byte> output, long resourceVersion, bool withColumns)
    {
        using var json = new Utf8JsonWriter(output, JsonStyle.Open);
        json.WriteStartObject();
        json.WriteString("kind", "Table");
        json.WriteString("apiVersion", "meta.k8s.io/" + metaVersion);
        json.WriteStartObject("metadata");
        if (resourceVersion > 0)
        {
            json.WriteString("resourceVersion", resourceVersion.ToString(CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
        if (withColumns)
        {
            WriteColumns(json);
        }
        else
        {
            json.WriteNull("columnDefinitions");
        }

        json.WriteStartArray("rows");
        json.Flush();
    }

    private static void WriteCell(Utf8JsonWriter json, object? cell)
    {
        switch (cell)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long or short:
                json.WriteNumberValue(Convert.ToInt64(cell, CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(Convert.ToString(cell, CultureInfo.InvariantCulture));
                break;
        }
    }
}
