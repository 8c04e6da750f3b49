using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Orleans.StatefulSets.Resources.Objects;

/// <summary>A list as <see cref="ObjectYaml"/> writes it, item by item: what is kept in memory is one item.</summary>
public sealed class YamlListWriter : IDisposable
{
    private readonly IBufferWriter<byte> output;
    private readonly StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
    private readonly Encoder utf8 = Encoding.UTF8.GetEncoder();
    private readonly Emitter emitter;

    /// <param name="output">Where the document goes.</param>
    public YamlListWriter(IBufferWriter<byte> output)
    {
        this.output = output;
        emitter = ObjectYaml.Begin(text);
    }

    /// <summary>Begins the document.</summary>
    /// <param name="envelope">The list as JSON; its last member is an array without the items.</param>
    public void Begin(ReadOnlyMemory<byte> envelope)
    {
        using var document = JsonDocument.Parse(envelope);
        emitter.Emit(new MappingStart(null, null, true, MappingStyle.Block));
        var members = document.RootElement.EnumerateObject().ToList();
        foreach (var member in members.SkipLast(1))
        {
            ObjectYaml.Write(emitter, member);
        }

        emitter.Emit(ObjectYaml.Text(members[^1].Name));
        emitter.Emit(new SequenceStart(null, null, true, SequenceStyle.Block));
    }

    /// <summary>Writes one item.</summary>
    /// <param name="json">The item as JSON.</param>
    public void Item(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        ObjectYaml.Write(emitter, document.RootElement);
        Drain(isLast: false);
    }

    /// <summary>Ends the document.</summary>
    public void End()
    {
        emitter.Emit(new SequenceEnd());
        emitter.Emit(new MappingEnd());
        ObjectYaml.End(emitter);
        Drain(isLast: true);
    }

    /// <inheritdoc/>
    public void Dispose() => text.Dispose();

    private void Drain(bool isLast)
    {
        foreach (var part in text.GetStringBuilder().GetChunks())
        {
            utf8.Convert(part.Span, output, flush: false, out _, out _);
        }

        if (isLast)
        {
            utf8.Convert([], output, flush: true, out _, out _);
        }

        text.GetStringBuilder().Clear();
    }
}
