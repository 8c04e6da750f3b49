using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Tests.Objects;

public sealed class ObjectYamlTests
{
    private const string Alphabet = "aZ09 \t\n\r:#-'\"\\{}[]&*!|>%@`,?~=<_.+\0\u0001\u0007\u001b\u007f\u0085\u00a0é\u2028\u2029日\ufeff\ufffd";

    public static TheoryData<string> Texts => new(
        "", " ", "true", "Yes", "off", "null", "~", "1", "-1", "+1", "_1", "1_000", "0x1F", "0o17", "017", "0b101", ".5", "+.5", "1e3", "1.", ".inf", "-.INF", ".nan",
        "2026-11-23", "2026-11-23T18:11:30Z", "1:20:30", "10Gi", "10.96.0.1", "=", "<<", "- a", "a: b", "a #b", "#a", "---", "...", "--- a", "a\n---\nb", "a\n", "a\n\n", "\n\na", "a\n b\n  c\n",
        " a\nb", "a \nb", "a\t\nb", "a\r\nb\r\n", "a\rb", "\tb", "a\n\tb", "\u0000", "\u001b[1m", "a\u0085b", "a\u2028b", "\ufeffa", "😀", "a\n😀\n", "\ud83d\ude00 x: y", "'", "\"", "\\", "\\n", "%", "@a", "`a", "|", ">", "!a", "&a", "*a", "{", "[", "?", "? a", ":", "-", ",");

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_stays_the_text_it_is(string text) => AssertStays(text);

    [Fact]
    public void Texts_of_awkward_characters_stay_what_they_are()
    {
        const int seed = 20261123;
        var chance = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            AssertStays(new string([.. Enumerable.Range(0, chance.Next(1, 9)).Select(_ => Alphabet[chance.Next(Alphabet.Length)])]));
        }
    }

    [Fact]
    public void Values_keep_their_types_and_members_their_order()
    {
        const string json = """{"z":1,"a":[true,false,null,-7,12345678901234567890,[],{},[[1]],{"b":"x"}],"m":{"f:x":{},"k:{\"uid\":\"1-2\"}":{},"":""}}""";

        Assert.Equal(json, Encoding.UTF8.GetString(YamlToJson.Convert(ObjectYaml.FromJson(Encoding.UTF8.GetBytes(json)).Span)));
    }

    private static void AssertStays(string text)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["value"] = text, [text + "k"] = new[] { text } });
        var yaml = ObjectYaml.FromJson(json);
        var read = JsonNode.Parse(YamlToJson.Convert(yaml.Span))!.AsObject();
        var shown = $"{JsonSerializer.Serialize(text)} as {Encoding.UTF8.GetString(yaml.Span)}";
        Assert.True(read["value"]!.GetValueKind() == JsonValueKind.String && read["value"]!.GetValue<string>() == text, shown);
        Assert.True(read[text + "k"] is JsonArray { Count: 1 } items && items[0]!.GetValue<string>() == text, shown);
    }
}
