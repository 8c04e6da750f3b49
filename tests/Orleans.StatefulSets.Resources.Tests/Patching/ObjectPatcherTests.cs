using System.Text;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Patching;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Tests.Patching;

public sealed class ObjectPatcherTests
{
    // RFC 6902, appendix A, by number.
    [Theory]
    [InlineData("A.1", """{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux"}]""", """{"baz":"qux","foo":"bar"}""")]
    [InlineData("A.2", """{"foo":["bar","baz"]}""", """[{"op":"add","path":"/foo/1","value":"qux"}]""", """{"foo":["bar","qux","baz"]}""")]
    [InlineData("A.3", """{"baz":"qux","foo":"bar"}""", """[{"op":"remove","path":"/baz"}]""", """{"foo":"bar"}""")]
    [InlineData("A.4", """{"foo":["bar","qux","baz"]}""", """[{"op":"remove","path":"/foo/1"}]""", """{"foo":["bar","baz"]}""")]
    [InlineData("A.5", """{"baz":"qux","foo":"bar"}""", """[{"op":"replace","path":"/baz","value":"boo"}]""", """{"baz":"boo","foo":"bar"}""")]
    [InlineData("A.6", """{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}""", """[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]""", """{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}""")]
    [InlineData("A.7", """{"foo":["all","grass","cows","eat"]}""", """[{"op":"move","from":"/foo/1","path":"/foo/3"}]""", """{"foo":["all","cows","eat","grass"]}""")]
    [InlineData("A.8", """{"baz":"qux","foo":["a",2,"c"]}""", """[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]""", """{"baz":"qux","foo":["a",2,"c"]}""")]
    [InlineData("A.10", """{"foo":"bar"}""", """[{"op":"add","path":"/child","value":{"grandchild":{}}}]""", """{"foo":"bar","child":{"grandchild":{}}}""")]
    [InlineData("A.11", """{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux","xyz":123}]""", """{"foo":"bar","baz":"qux"}""")]
    [InlineData("A.14", """{"/":9,"~1":10}""", """[{"op":"test","path":"/~01","value":10}]""", """{"/":9,"~1":10}""")]
    [InlineData("A.16", """{"foo":["bar"]}""", """[{"op":"add","path":"/foo/-","value":["abc","def"]}]""", """{"foo":["bar",["abc","def"]]}""")]
    [InlineData("copy", """{"a":{"b":1}}""", """[{"op":"copy","from":"/a","path":"/c"},{"op":"replace","path":"/c/b","value":2}]""", """{"a":{"b":1},"c":{"b":2}}""")]
    public void Json_patch_applies(string example, string document, string patch, string expected)
    {
        Assert.NotEmpty(example);
        AssertPatched(PatchKind.Json, document, patch, expected);
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/baz","value":"bar"}]""")]
    [InlineData("""[{"op":"add","path":"/no/such","value":1}]""")]
    [InlineData("""[{"op":"remove","path":"/no"}]""")]
    [InlineData("""[{"op":"test","path":"/~01","value":"10"}]""")]
    [InlineData("""[{"op":"leap","path":"/baz"}]""")]
    [InlineData("""[{"op":"move","from":"/foo","path":"/foo/0"}]""")]
    public void Json_patch_that_does_not_apply_is_unprocessable(string patch)
    {
        var refusal = Refuse(PatchKind.Json, """{"baz":"qux","foo":["a"]}""", patch);

        Assert.Equal((422, "Invalid", "the server rejected our request due to an error in our request"), (refusal.Code, refusal.Reason, refusal.Message));
    }

    [Fact]
    public void Json_patch_has_at_most_ten_thousand_operations()
    {
        var patch = $"[{string.Join(',', Enumerable.Repeat("""{"op":"test","path":"/a","value":1}""", 10_001))}]";

        var refusal = Refuse(PatchKind.Json, """{"a":1}""", patch);

        Assert.Equal((413, "The allowed maximum operations in a JSON patch is 10000, got 10001"), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void A_json_patch_that_copies_a_large_text_many_times_is_refused()
    {
        var current = "{\"metadata\":{\"annotations\":{\"a\":\"" + new string('x', 100_000) + "\"}}}";
        var copies = Enumerable.Range(0, 1_000).Select(i => $$"""{"op":"copy","from":"/metadata/annotations/a","path":"/metadata/annotations/b{{i}}"}""");

        var refusal = Assert.Throws<ApiException>(() => ObjectPatcher.Apply(
            ResourceKinds.ConfigMaps, PatchKind.Json, Encoding.UTF8.GetBytes(current), Encoding.UTF8.GetBytes($"[{string.Join(',', copies)}]")));

        Assert.Equal(422, refusal.Code);
    }

    [Fact]
    public void Json_patch_that_doubles_itself_is_stopped()
    {
        var patch = $"[{string.Join(',', Enumerable.Range(0, 60).Select(round => $$"""{"op":"copy","from":"/a","path":"/a/c{{round}}"}"""))}]";

        Assert.Equal(422, Refuse(PatchKind.Json, """{"a":{"b":1}}""", patch).Code);
    }

    // RFC 7386, appendix A.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", "{}")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void Merge_patch_applies(string document, string patch, string expected) => AssertPatched(PatchKind.Merge, document, patch, expected);

    [Theory]
    [InlineData(
        "kubectl set image",
        """{"spec":{"template":{"spec":{"containers":[{"name":"log","image":"b"},{"name":"nginx","image":"n:1","env":[{"name":"A","value":"1"}]}]}}}}""",
        """{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"log"},{"name":"nginx"}],"containers":[{"image":"n:2","name":"nginx"}]}}}}""",
        """{"spec":{"template":{"spec":{"containers":[{"name":"log","image":"b"},{"name":"nginx","image":"n:2","env":[{"name":"A","value":"1"}]}]}}}}""")]
    [InlineData(
        "kubectl rollout undo",
        """{"spec":{"replicas":3,"template":{"metadata":{"labels":{"app":"a","x":"y"}},"spec":{"containers":[{"name":"nginx","image":"n:2"}]}}}}""",
        """{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"nginx","image":"n:1"}]}}}}""",
        """{"spec":{"replicas":3,"template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"nginx","image":"n:1"}]}}}}""")]
    [InlineData(
        "ports merge by containerPort, env by name, a container goes",
        """{"spec":{"template":{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"web"}],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}]},{"name":"b"}]}}}}""",
        """{"spec":{"template":{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"http"},{"containerPort":81}],"env":[{"name":"A","$patch":"delete"}]},{"name":"b","$patch":"delete"}]}}}}""",
        """{"spec":{"template":{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"http"},{"containerPort":81}],"env":[{"name":"B","value":"2"}]}]}}}}""")]
    [InlineData(
        "tolerations have no merge key and are replaced",
        """{"spec":{"template":{"spec":{"tolerations":[{"key":"a"},{"key":"b"}]}}}}""",
        """{"spec":{"template":{"spec":{"tolerations":[{"key":"c"}]}}}}""",
        """{"spec":{"template":{"spec":{"tolerations":[{"key":"c"}]}}}}""")]
    [InlineData(
        "a volume changes its source",
        """{"spec":{"template":{"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}}}""",
        """{"spec":{"template":{"spec":{"volumes":[{"name":"v","$retainKeys":["name","configMap"],"configMap":{"name":"c"}}]}}}}""",
        """{"spec":{"template":{"spec":{"volumes":[{"name":"v","configMap":{"name":"c"}}]}}}}""")]
    [InlineData(
        "finalizers are a set",
        """{"metadata":{"finalizers":["x/a","x/b"]}}""",
        """{"metadata":{"$deleteFromPrimitiveList/finalizers":["x/a"],"$setElementOrder/finalizers":["x/c","x/b"],"finalizers":["x/c"]}}""",
        """{"metadata":{"finalizers":["x/c","x/b"]}}""")]
    [InlineData(
        "an element that the order does not name keeps its place",
        """{"spec":{"template":{"spec":{"containers":[{"name":"a"},{"name":"injected"},{"name":"b"}]}}}}""",
        """{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"b","image":"i"},{"name":"a"}]}}}}""",
        """{"spec":{"template":{"spec":{"containers":[{"name":"injected"},{"name":"b","image":"i"},{"name":"a"}]}}}}""")]
    [InlineData("null unsets", """{"spec":{"replicas":3,"serviceName":"s"}}""", """{"spec":{"replicas":null}}""", """{"spec":{"serviceName":"s"}}""")]
    public void Strategic_merge_patch_applies(string what, string document, string patch, string expected)
    {
        Assert.NotEmpty(what);
        AssertPatched(PatchKind.StrategicMerge, document, patch, expected);
    }

    [Theory]
    [InlineData(PatchKind.Json, "{}", "json: cannot unmarshal object into Go value of type jsonpatch.Patch")]
    [InlineData(PatchKind.Merge, "[]", "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData(PatchKind.StrategicMerge, "{\"a\"", "unexpected end of JSON input")]
    [InlineData(PatchKind.StrategicMerge, "3", "json: cannot unmarshal number into Go value of type map[string]interface {}")]
    public void Malformed_patch_is_a_bad_request(PatchKind kind, string patch, string message)
    {
        var refusal = Refuse(kind, "{}", patch);

        Assert.Equal((400, message), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void Strategic_merge_without_its_key_is_an_error_that_names_it()
    {
        var refusal = Refuse(PatchKind.StrategicMerge, "{}", """{"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}}""");

        Assert.Equal((500, "map: map[image:x] does not contain declared merge key: name"), (refusal.Code, refusal.Message));
    }

    private static void AssertPatched(PatchKind kind, string document, string patch, string expected)
    {
        var patched = ObjectPatcher.Apply(ResourceKinds.StatefulSets, kind, Encoding.UTF8.GetBytes(document), Encoding.UTF8.GetBytes(patch));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(patched)), Encoding.UTF8.GetString(patched));
    }

    private static ApiException Refuse(PatchKind kind, string document, string patch) => Assert.Throws<ApiException>(
        () => ObjectPatcher.Apply(ResourceKinds.StatefulSets, kind, Encoding.UTF8.GetBytes(document), Encoding.UTF8.GetBytes(patch)));
}
