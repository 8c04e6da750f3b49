using System.Text;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Resources.Tests.Decoding;

public sealed class YamlToJsonTests
{
    [Theory]
    [InlineData("a: yes\nb: 'yes'\nc: !!str 1", """{"a":true,"b":"yes","c":"1"}""")]
    [InlineData("a: 0777\nb: 0x1f\nc: 1.5\nd: 1_000", """{"a":511,"b":31,"c":1.5,"d":1000}""")]
    [InlineData("a: ~\nb:\nc: null\nd: 'null'", """{"a":null,"b":null,"c":null,"d":"null"}""")]
    [InlineData("a: &x {b: 1}\nc: *x\nd: {<<: *x}", """{"a":{"b":1},"c":{"b":1},"d":{"b":1}}""")]
    [InlineData("a: 1\na: 2", """{"a":1,"a":2}""")]
    [InlineData("", "null")]
    public void Scalars_have_the_types_of_YAML_1_1(string yaml, string json) => Assert.Equal(json, Convert(yaml));

    [Fact]
    public void Aliases_that_multiply_are_refused()
    {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var level = 1; level < 9; level++)
        {
            bomb.Append($"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        }

        Assert.Equal(400, Assert.Throws<ApiException>(() => Convert(bomb.ToString())).Code);
    }

    [Theory]
    [InlineData("a: [1")]
    [InlineData("a: *nobody")]
    [InlineData("!<4ag:x> y")]
    [InlineData("metadata: {name: 1u\ndata: {a: yes, b: 0o17, c: \uFFFDinf, d: ~}\n")]
    public void What_is_no_YAML_is_a_bad_request(string yaml) => Assert.Equal(400, Assert.Throws<ApiException>(() => Convert(yaml)).Code);

    [Fact]
    public void What_is_nested_too_deep_is_refused_before_it_is_read_to_its_end()
    {
        var began = TimeProvider.System.GetTimestamp();

        var refusal = Assert.Throws<ApiException>(() => Convert(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))));

        Assert.Equal((400, "error converting YAML to JSON: yaml: exceeded max depth of 64"), (refusal.Code, refusal.Message));
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
    }

    private static string Convert(string yaml) => Encoding.UTF8.GetString(YamlToJson.Convert(Encoding.UTF8.GetBytes(yaml)));
}
