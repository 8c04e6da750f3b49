using System.Buffers;
using System.Globalization;
using System.Text;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Api.Tables;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Watches;

/// <summary>The events of one watch, one JSON object a line, in the shape that the client asked for.</summary>
internal sealed class WatchFrames(ApiContext context, Func<TableBody> newTable, Heartbeats heartbeats)
{
    private bool columnsSent;

    public void Event(IBufferWriter<byte> output, string type, StoredObject item)
    {
        // Whoever lists and then watches must not see a heartbeat go back.
        item = heartbeats.Show(item);
        Open(output, type);
        switch (context.Format.Shape)
        {
            case ObjectShape.Table:
                newTable().WriteSingle(output, item, TakeColumns());
                break;
            case ObjectShape.PartialMetadata:
                PartialMetadata.Write(output, item, context.Format.MetaVersion);
                break;
            default:
                (context.Path.Version?.Show(item) ?? item).WriteTo(output);
                break;
        }

        Close(output);
    }

    /// <summary>Says that everything up to a version has been sent; <paramref name="endsInitial"/> marks the end of the initial events.</summary>
    public void Bookmark(IBufferWriter<byte> output, long resourceVersion, bool endsInitial)
    {
        var version = resourceVersion.ToString(CultureInfo.InvariantCulture);
        var annotation = endsInitial ? ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}" : "";
        var metadata = $"{{\"resourceVersion\":\"{version}\",\"creationTimestamp\":null{annotation}}}";
        Open(output, "BOOKMARK");
        if (context.Format.Shape == ObjectShape.Table)
        {
            newTable().WriteBookmark(output, resourceVersion, Encoding.ASCII.GetBytes(metadata), TakeColumns());
        }
        else
        {
            var (kind, apiVersion) = context.Format.Shape == ObjectShape.PartialMetadata
                ? ("PartialObjectMetadata", "meta.k8s.io/" + context.Format.MetaVersion)
                : (context.Path.Served.Kind, context.Path.Served.ApiVersion);
            Write(output, $"{{\"kind\":\"{kind}\",\"apiVersion\":\"{apiVersion}\",\"metadata\":{metadata}}}");
        }

        Close(output);
    }

    /// <summary>The last event of a watch that can't go on.</summary>
    public static void Error(IBufferWriter<byte> output, ApiException refusal)
    {
        Open(output, "ERROR");
        output.Write(StatusJson.Encode(refusal.Status).Span);
        Close(output);
    }

    private bool TakeColumns()
    {
        var isFirst = !columnsSent;
        columnsSent = true;
        return isFirst;
    }

    private static void Open(IBufferWriter<byte> output, string type) => Write(output, $"{{\"type\":\"{type}\",\"object\":");

    private static void Close(IBufferWriter<byte> output) => output.Write("}\n"u8);

    private static void Write(IBufferWriter<byte> output, string ascii) => Encoding.ASCII.GetBytes(ascii, output);
}
