using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orleans.StatefulSets.Api.Lists;
using Orleans.StatefulSets.Api.Tables;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Responses;

/// <summary>A list on its way out, item by item, so that a long one is flushed as it goes.</summary>
internal sealed class ListBody(ResourceKind kind, ListPage page, ObjectShape shape, string metaVersion, TableBody? table)
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

    public void Item(IBufferWriter<byte> output, StoredObject item, bool isFirst)
    {
        if (!isFirst)
        {
            output.Write(","u8);
        }

        switch (shape)
        {
            case ObjectShape.Table:
                table!.WriteRow(output, item);
                break;
            case ObjectShape.PartialMetadata:
                PartialMetadata.Write(output, item, metaVersion);
                break;
            default:
                item.WriteTo(output);
                break;
        }
    }

    public static void End(IBufferWriter<byte> output) => output.Write("]}\n"u8);
}
