using System.Buffers;
using System.Text.Json;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Responses;

/// <summary>A list on its way out in the notation that was asked for, item by item, so that a long one is flushed as it goes.</summary>
internal abstract class ListText(ListBody list) : IDisposable
{
    private readonly ArrayBufferWriter<byte> item = new();

    protected ListBody List { get; } = list;

    public static ListText Of(ListBody list, ResponseFormat format, IBufferWriter<byte> output) =>
        format.Yaml ? list.Items.Count == 0 ? new EmptyYaml(list, output) : new Yaml(list, output)
        : format.Pretty ? new Pretty(list, output)
        : new Compact(list, output);

    public abstract void Begin();

    public abstract void Item(StoredObject next);

    public abstract void End();

    public virtual void Dispose()
    {
    }

    /// <summary>An item as JSON, until the next one is asked for.</summary>
    protected ReadOnlyMemory<byte> JsonOf(StoredObject next)
    {
        item.ResetWrittenCount();
        List.Item(item, next);
        return item.WrittenMemory;
    }

    /// <summary>Straight from the stored bytes.</summary>
    private sealed class Compact(ListBody list, IBufferWriter<byte> output) : ListText(list)
    {
        private bool isLater;

        public override void Begin() => List.Begin(output);

        public override void Item(StoredObject next)
        {
            if (isLater)
            {
                output.Write(","u8);
            }

            isLater = true;
            List.Item(output, next);
        }

        public override void End()
        {
            output.Write(ListBody.Ending);
            output.Write("\n"u8);
        }
    }

    private sealed class Pretty(ListBody list, IBufferWriter<byte> output) : ListText(list)
    {
        private readonly Utf8JsonWriter json = new(output, JsonStyle.Pretty);

        public override void Begin()
        {
            using var envelope = JsonDocument.Parse(List.Envelope());
            json.WriteStartObject();
            var members = envelope.RootElement.EnumerateObject().ToList();
            members[..^1].ForEach(member => member.WriteTo(json));
            json.WriteStartArray(members[^1].Name);
        }

        public override void Item(StoredObject next)
        {
            using var document = JsonDocument.Parse(JsonOf(next));
            document.WriteTo(json);
            json.Flush();
        }

        public override void End()
        {
            json.WriteEndArray();
            json.WriteEndObject();
            json.Flush();
            output.Write("\n"u8);
        }

        public override void Dispose() => json.Dispose();
    }

    private sealed class Yaml(ListBody list, IBufferWriter<byte> output) : ListText(list)
    {
        private readonly YamlListWriter yaml = new(output);

        public override void Begin() => yaml.Begin(List.Envelope());

        public override void Item(StoredObject next) => yaml.Item(JsonOf(next));

        public override void End() => yaml.End();

        public override void Dispose() => yaml.Dispose();
    }

    // A block without entries cannot be written.
    private sealed class EmptyYaml(ListBody list, IBufferWriter<byte> output) : ListText(list)
    {
        public override void Begin() => output.Write(ObjectYaml.FromJson(List.Envelope()).Span);

        public override void Item(StoredObject next) => throw new InvalidOperationException("The list is empty.");

        public override void End()
        {
        }
    }
}
