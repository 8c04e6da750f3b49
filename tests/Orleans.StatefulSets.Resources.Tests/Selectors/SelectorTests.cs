using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Selectors;

namespace Orleans.StatefulSets.Resources.Tests.Selectors;

public sealed class SelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "web", ["tier"] = "", ["n"] = "5" };

    [Theory]
    [InlineData("", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web,n", true)]
    [InlineData("app!=web", false)]
    [InlineData("zone!=a", true)]
    [InlineData("app in (db, web)", true)]
    [InlineData("app notin (db,web)", false)]
    [InlineData("zone notin (a)", true)]
    [InlineData("!app", false)]
    [InlineData("!zone", true)]
    [InlineData("tier=", true)]
    [InlineData("tier in (,x)", true)]
    [InlineData("n>4,n<6", true)]
    [InlineData("n>5", false)]
    [InlineData("in in (in)", false)]
    public void Label_selector_matches(string selector, bool matches) => Assert.Equal(matches, LabelSelector.Parse(selector).Matches(Labels));

    [Theory]
    [InlineData("=a", "found '=', expected: !, identifier, or 'end of string'")]
    [InlineData("a=b=c", "found '=', expected: ',' or 'end of string'")]
    [InlineData("a in b", "unable to parse requirement: found 'b' expected: '('")]
    [InlineData("a in (b", "unable to parse requirement: found '', expected: ',' or ')'")]
    [InlineData("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("a in ()", "unable to parse requirement: values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty")]
    [InlineData("a,,b", "found ',', expected: identifier after ','")]
    [InlineData("a>x", "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer")]
    [InlineData("-a", "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")]
    public void Label_selector_that_does_not_parse_is_a_bad_request(string selector, string message)
    {
        var refusal = Assert.Throws<ApiException>(() => LabelSelector.Parse(selector));

        Assert.Equal((400, message), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void Selector_of_a_spec_matches_nothing_if_absent_and_everything_if_empty()
    {
        Assert.False(LabelSelector.From(null).Matches(Labels));
        Assert.True(LabelSelector.From(new V1LabelSelector()).Matches(Labels));
        Assert.False(LabelSelector.From(null).IsEmpty);
        var both = new V1LabelSelector
        {
            MatchLabels = new Dictionary<string, string> { ["app"] = "web" },
            MatchExpressions = [new V1LabelSelectorRequirement { Key = "zone", OperatorProperty = "DoesNotExist" }],
        };
        Assert.True(LabelSelector.From(both).Matches(Labels));
    }

    [Theory]
    [InlineData("metadata.name=web-0", true)]
    [InlineData("spec.nodeName=node-1,status.phase!=Failed", true)]
    [InlineData("status.phase==Failed", false)]
    [InlineData("spec.nodeName!=", true)]
    [InlineData("metadata.namespace=other", false)]
    [InlineData("spec.hostNetwork=false", true)]
    public void Field_selector_matches(string selector, bool matches) =>
        Assert.Equal(matches, FieldSelector.Parse(ResourceKinds.Pods, selector).Matches(Pod()));

    [Theory]
    [InlineData("pods", "spec.foo=1", "field label not supported: spec.foo")]
    [InlineData("nodes", "metadata.namespace=a", "field label not supported: metadata.namespace")]
    [InlineData("configmaps", "data=1", "\"data\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    [InlineData("pods", "metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'")]
    [InlineData("pods", "metadata.name=a=b", "invalid field selector: unescaped character in value: 61")]
    [InlineData("pods", "metadata.name=a\\b", "invalid field selector: invalid escape sequence: \\b")]
    public void Field_selector_that_is_not_supported_is_a_bad_request(string resource, string selector, string message)
    {
        var refusal = Assert.Throws<ApiException>(() => FieldSelector.Parse(ResourceKinds.Find(resource)!, selector));

        Assert.Equal((400, message), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void Field_selector_knows_the_one_name_and_namespace()
    {
        var selector = FieldSelector.Parse(ResourceKinds.Pods, "metadata.name=a\\,b,metadata.namespace!=x");

        Assert.Equal("a,b", selector.ExactName);
        Assert.Null(selector.ExactNamespace);
    }

    [Fact]
    public void Labels_are_read_from_the_payload_and_from_a_kept_model_alike()
    {
        Assert.Equal("web", Pod().Labels["app"]);
        var kept = Pod();
        kept.KeepModel();
        Assert.Equal("web", kept.Labels["app"]);
        Assert.Empty(new StoredObject(ResourceKinds.Pods.Key("default", "x"), "u", 1, Encoding.UTF8.GetBytes("""{"metadata":{"name":"x"},"spec":{"labels":{"a":"b"}}}""")).Labels);
    }

    private static StoredObject Pod() => new(ResourceKinds.Pods.Key("default", "web-0"), "u", 7, Encoding.UTF8.GetBytes(
        """{"apiVersion":"v1","kind":"Pod","metadata":{"annotations":{"labels":"{"},"labels":{"app":"web"},"name":"web-0"},"spec":{"nodeName":"node-1"},"status":{"phase":"Running"}}"""));
}
