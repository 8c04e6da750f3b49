using System.Runtime.CompilerServices;
using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Tests.Decoding;

public sealed class ObjectDecoderTests
{
    public static TheoryData<string> Refusals => [.. Directory.GetFiles(Folder(), "*.input.json").Select(file => Path.GetFileName(file)[..^".input.json".Length]).Order()];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Strict_decoding_refuses_in_the_words_of_an_API_server(string name)
    {
        var body = File.ReadAllBytes(Path.Combine(Folder(), $"{name}.input.json"));

        var refusal = Assert.Throws<ApiException>(() => ObjectDecoder.Decode(ResourceKinds.StatefulSets, body, FieldValidation.Strict));

        Assert.Equal("BadRequest", refusal.Reason);
        Assert.Equal(File.ReadAllText(Path.Combine(Folder(), $"{name}.output.txt")).TrimEnd('\n'), $"{refusal.Code} {refusal.Message}");
    }

    [Fact]
    public void Warn_says_what_was_dropped_and_Ignore_says_nothing()
    {
        const string Body = """{"spec":{"foo":1,"replicas":1,"replicas":2}}""";

        Assert.Equal(["unknown field \"spec.foo\"", "duplicate field \"spec.replicas\""], Decode(Body, FieldValidation.Warn).Warnings);
        Assert.Empty(Decode(Body, FieldValidation.Ignore).Warnings);
        Assert.Equal(2, ((V1StatefulSet)Decode(Body, FieldValidation.Warn).Model).Spec.Replicas);
    }

    [Fact]
    public void Missing_apiVersion_and_kind_are_filled_in()
    {
        var set = (V1StatefulSet)Decode("{}", FieldValidation.Strict).Model;

        Assert.Equal(("apps/v1", "StatefulSet"), (set.ApiVersion, set.Kind));
        Assert.NotNull(set.Metadata);
    }

    [Fact]
    public void Null_is_absent_in_a_struct_and_zero_in_a_map_or_a_list()
    {
        var set = (V1StatefulSet)Decode(
            """{"metadata":{"labels":{"a":null},"creationTimestamp":null},"spec":{"replicas":null,"template":{"spec":{"containers":[{"ports":[{"containerPort":null}]},null]}}}}""",
            FieldValidation.Strict).Model;

        Assert.Equal("", set.Metadata.Labels["a"]);
        Assert.Null(set.Spec.Replicas);
        Assert.Equal(0, set.Spec.Template.Spec.Containers[0].Ports[0].ContainerPort);
        Assert.NotNull(set.Spec.Template.Spec.Containers[1]);
    }

    [Fact]
    public void Free_form_data_survives()
    {
        const string Data = """{"b":1.0,"a":{"z":null,"y":"<é"},"n":12345678901234567890}""";
        var revision = ObjectDecoder.Decode(ResourceKinds.ControllerRevisions, Encoding.UTF8.GetBytes($$"""{"data":{{Data}},"revision":1}"""), FieldValidation.Strict);

        Assert.Contains($"\"data\":{Data}", Encoding.UTF8.GetString(ObjectJson.Encode(revision.Model)), StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_beyond_the_bound_is_refused_and_not_followed()
    {
        var deep = $$"""{"spec":{{string.Concat(Enumerable.Repeat("{\"a\":", 5000))}}1{{new string('}', 5000)}}}""";

        var refusal = Assert.Throws<ApiException>(() => Decode(deep, FieldValidation.Ignore));

        Assert.Contains("exceeded max depth", refusal.Message, StringComparison.Ordinal);
    }

    private static DecodedObject Decode(string body, FieldValidation mode) =>
        ObjectDecoder.Decode(ResourceKinds.StatefulSets, Encoding.UTF8.GetBytes(body), mode);

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Refusals");
}
