using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orleans.StatefulSets.Api.Lists;
using Orleans.StatefulSets.Api.Tables;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Responses;

/// <summary>A list as JSON, item by item.</summary>
/// <param name="kind">What is listed.</param>
/// <param name="page">The objects.</param>
/// <param name="shape">In which shape they are shown.</param>
/// <param name="metaVersion">The version of meta.k8s.io for a Table or partial metadata.</param>
/// <param name="table">The table, where that is the shape.</param>
/// <param name="show">What an object looks like in the version that was asked for, where that is not the stored one.</param>
internal sealed class ListBody(
    ResourceKind kind, ListPage page, ObjectShape shape, string metaVersion, TableBody? table, Func<StoredObject, StoredObject>? show)
{
    public IReadOnlyList<StoredObject> Items => page.Items;

    /// <summary>About how many bytes of JSON the body will have.</summary>
    public long EstimatedBytes => page.Items.Sum(item => (long)item.EncodedLength);

    public void Begin(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonStyle.Open);
        json.WriteStartObject();
        json.WriteString("kind", shape switch
        {
            ObjectShape.Table => "Table",
            ObjectShape.PartialMetadata => "PartialObjectMetadataList",
            _ => kind.Kind + "List",
        });
        json.WriteString("apiVersion", shape == ObjectShape.Whole ? kind.ApiVersion : "meta.k8s.io/" + metaVersion);
        json.WriteStartObject("metadata");
        json.WriteString("resourceVersion", page.ResourceVersion.ToString(CultureInfo.InvariantCulture));
        if (page.Continue.Length > 0)
        {
            json.WriteString("continue", page.Continue);
        }

        if (page.RemainingItems is { } remaining)
        {
            json.WriteNumber("remainingItemCount", remaining);
        }

        json.WriteEndObject();
        table?.WriteColumns(json);
        json.WriteStartArray(shape == ObjectShape.Table ? "rows" : "items");
        json.Flush();
    }

    public void Item(IBufferWriter<byte> output, StoredObject item)
    {
        switch (shape)
        {
            case ObjectShape.Table:
                table!.WriteRow(output, item);
                break;
            case ObjectShape.PartialMetadata:
                PartialMetadata.Write(output, item, metaVersion);
                break;
            default:
                (show?.Invoke(item) ?? item).WriteTo(output);
                break;
        }
    }

    /// <summary>What comes after the last item.</summary>
    public static ReadOnlySpan<byte> Ending => "]}"u8;

    /// <summary>The whole list without its items.</summary>
    public ReadOnlyMemory<byte> Envelope()
    {
        var output = new ArrayBufferWriter<byte>();
        Begin(output);
        output.Write(Ending);
        return output.WrittenMemory;
    }
}
