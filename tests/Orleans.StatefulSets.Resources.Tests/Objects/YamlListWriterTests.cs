using System.Buffers;
using System.Text;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Tests.Objects;

public sealed class YamlListWriterTests
{
    private const string Envelope = """{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[]}""";

    [Fact]
    public void A_list_in_pieces_is_the_list_in_one()
    {
        string[] items = ["""{"a":"x","l":[1,[2]],"e":{}}""", """["日本","😀",null]""", "\"text\\nlines\\n\"", "[]", "{}"];
        var output = new ArrayBufferWriter<byte>();

        Write(output, items, _ => { });

        var whole = Envelope.Replace("[]", $"[{string.Join(',', items)}]", StringComparison.Ordinal);
        Assert.Equal(Text(ObjectYaml.FromJson(Encoding.UTF8.GetBytes(whole))), Text(output.WrittenMemory));
    }

    [Fact]
    public void What_was_written_is_handed_on_with_each_item()
    {
        var item = $$"""{"name":"{{new string('n', 1_000)}}"}""";
        var output = new ArrayBufferWriter<byte>();

        Write(output, Enumerable.Repeat(item, 500), written => Assert.InRange(output.WrittenCount, (written - 1) * 1_000, (written + 1) * 1_020));
    }

    private static void Write(ArrayBufferWriter<byte> output, IEnumerable<string> items, Action<int> after)
    {
        using var yaml = new YamlListWriter(output);
        yaml.Begin(Encoding.UTF8.GetBytes(Envelope));
        var written = 0;
        foreach (var item in items)
        {
            yaml.Item(Encoding.UTF8.GetBytes(item));
            after(++written);
        }

        yaml.End();
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
