using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Reconciliation.Tests.Volumes;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Tests.Faults;

/// <summary>Whom a Fault means, and whom of them chance hits.</summary>
public sealed class ArmedFaultTests
{
    [Theory]
    [InlineData("web-0", "web-0", true)]
    [InlineData("web-?", "web-10", false)]
    [InlineData("web-*", "web-10", true)]
    [InlineData("*nginx*", "registry.k8s.io/nginx-slim:0.8", true)]
    [InlineData("*a*b*c", "xxaxxbxxbc", true)]
    [InlineData("*a*b*c", "xxaxxbxxcb", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("***", "", true)]
    [InlineData("?", "", false)]
    public void A_name_may_hold_stars_and_question_marks(string pattern, string name, bool matches) => Assert.Equal(matches, NamePattern.Matches(pattern, name));

    // A pattern that a naive matcher would take for ever for.
    [Fact]
    public void Matching_takes_no_longer_than_pattern_times_name()
    {
        var pattern = string.Concat(Enumerable.Repeat("a*", 120)) + "b";

        Assert.False(NamePattern.Matches(pattern, new string('a', 253)));
    }

    [Fact]
    public void What_several_fields_ask_must_all_be_so()
    {
        var pod = Given.Pod("web-0", node: "node-2", app: "web", "c", "side");
        bool Selects(V1alpha1FaultSelector selector, string container = "c") =>
            new ArmedFault(Given.Fault(FaultActions.ProbeFailure, selector)).Selects(pod, pod.Spec.Containers.Single(one => one.Name == container));

        Assert.True(Selects(new V1alpha1FaultSelector()));
        Assert.True(Selects(new V1alpha1FaultSelector { Namespaces = ["default"], Pods = ["web-*"], Nodes = ["node-2"], Containers = ["c"], Images = ["nginx:*"], LabelSelector = Labels("web") }));
        Assert.False(Selects(new V1alpha1FaultSelector { Namespaces = ["other"] }));
        Assert.False(Selects(new V1alpha1FaultSelector { Pods = ["web-1"] }));
        Assert.False(Selects(new V1alpha1FaultSelector { Nodes = ["node-1"] }));
        Assert.False(Selects(new V1alpha1FaultSelector { Containers = ["c"] }, container: "side"));
        Assert.False(Selects(new V1alpha1FaultSelector { Images = ["httpd"] }));
        Assert.False(Selects(new V1alpha1FaultSelector { LabelSelector = Labels("db") }));
    }

    [Theory]
    [InlineData("default", "web-0", "web", true)]
    [InlineData("other", "web-0", "web", false)]
    [InlineData("default", "db-0", "web", false)]
    [InlineData("default", "web-0", "db", false)]
    public void Who_can_not_be_meant_is_known_without_a_look_into_the_pod(string @namespace, string pod, string app, bool may) => Assert.Equal(
        may,
        new ArmedFault(Given.Fault(FaultActions.ContainerKill, new V1alpha1FaultSelector { Namespaces = ["default"], Pods = ["web-*"], LabelSelector = Labels("web") }))
            .MaySelect(@namespace, pod, new Dictionary<string, string> { ["app"] = app }));

    [Fact]
    public void A_claim_is_meant_by_its_name_its_class_and_its_namespace()
    {
        bool Selects(V1alpha1FaultSelector selector) => new ArmedFault(Given.Fault(FaultActions.VolumeProvisioningFailure, selector)).Selects(Storage.Claim(), "standard");

        Assert.True(Selects(new V1alpha1FaultSelector { Claims = ["www-*"], StorageClasses = ["standard"], Namespaces = ["default"] }));
        Assert.False(Selects(new V1alpha1FaultSelector { Claims = ["data-*"] }));
        Assert.False(Selects(new V1alpha1FaultSelector { StorageClasses = ["fast"] }));
        Assert.False(Selects(new V1alpha1FaultSelector { LabelSelector = Labels("web") }));
    }

    [Theory]
    [InlineData("pods", "get", "pods", "", true)]
    [InlineData("pods", "get", "pods/status", "", false)]
    [InlineData("pods*", "get", "pods/status", "", true)]
    [InlineData("statefulsets.apps", "get", "statefulsets", "apps", true)]
    [InlineData("statefulsets.apps/scale", "get", "statefulsets/scale", "apps", true)]
    [InlineData("statefulsets", "get", "statefulsets", "apps", true)]
    [InlineData("pods", "list", "pods", "", false)]
    public void A_request_is_meant_by_its_resource_with_or_without_the_group(string resource, string verb, string asked, string group, bool selects) => Assert.Equal(
        selects,
        new ArmedFault(Given.Fault(FaultActions.APIError, new V1alpha1FaultSelector { Resources = [resource], Verbs = ["get"] }))
            .Selects(new FaultedRequest(verb, asked, group, "default", "web", "kubectl/v1.33")));

    [Fact]
    public void A_request_is_meant_by_its_client_and_its_namespace()
    {
        bool Selects(V1alpha1FaultSelector selector) =>
            new ArmedFault(Given.Fault(FaultActions.APIError, selector)).Selects(new FaultedRequest("get", "pods", "", "default", "web", "kubectl/v1.33"));

        Assert.True(Selects(new V1alpha1FaultSelector { UserAgents = ["kubectl*"], Namespaces = ["default"] }));
        Assert.False(Selects(new V1alpha1FaultSelector { UserAgents = ["curl*"] }));
        Assert.False(Selects(new V1alpha1FaultSelector { Namespaces = ["kube-system"] }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    [InlineData(50)]
    [InlineData(99)]
    public void Chance_hits_as_often_as_it_says(int percent)
    {
        var hits = Enumerable.Range(0, 10_000).Count(number => FaultChance.Hits(7, "ContainerKill/f", $"default/web-{number % 100}/c", number / 100, percent));

        Assert.InRange(hits, (percent * 100) - 250, (percent * 100) + 250);
    }

    [Fact]
    public void Chance_is_the_same_again_and_another_for_each_seed_purpose_target_and_attempt()
    {
        var draws = new[]
        {
            FaultChance.Draw(1, "a", "b", 0), FaultChance.Draw(2, "a", "b", 0), FaultChance.Draw(1, "c", "b", 0), FaultChance.Draw(1, "a", "c", 0),
            FaultChance.Draw(1, "a", "b", 1), FaultChance.Draw(1, "ab", "", 0), FaultChance.Draw(1, "", "ab", 0),
        };

        Assert.Equal(draws.Length, draws.Distinct().Count());
        Assert.Equal(draws[0], FaultChance.Draw(1, "a", "b", 0));

        // Written down: a run of today must be what it was yesterday.
        Assert.Equal(0x01A7_DAB5_BE40_2D70UL, draws[0]);
        Assert.False(FaultChance.Hits(1, "a", "b", 0, percent: 0));
        Assert.True(FaultChance.Hits(1, "a", "b", 0, percent: 100));
    }

    [Theory]
    [InlineData(403, "Forbidden", "pods \"web\" is forbidden: fault \"f\" of emulator.statefulsets")]
    [InlineData(409, "Conflict", "Operation cannot be fulfilled on pods \"web\": fault \"f\" of emulator.statefulsets")]
    [InlineData(429, "TooManyRequests", "the server has received too many requests and has asked us to try again later: fault \"f\" of emulator.statefulsets")]
    [InlineData(500, "InternalError", "Internal error occurred: fault \"f\" of emulator.statefulsets")]
    [InlineData(503, "ServiceUnavailable", "the server is currently unable to handle the request: fault \"f\" of emulator.statefulsets")]
    [InlineData(504, "Timeout", "Timeout: fault \"f\" of emulator.statefulsets")]
    public void A_refusal_is_a_status_that_names_the_fault(int code, string reason, string message)
    {
        var fault = new ArmedFault(Given.Fault(FaultActions.APIError).With(spec => spec with { StatusCode = code }));

        ApiException refusal = RequestRefusals.Of(fault, new FaultedRequest("get", "pods", "", "default", "web", ""));
        Assert.Equal((code, reason, message), (refusal.Code, refusal.Reason, refusal.Message));
    }

    private static V1LabelSelector Labels(string app) => new() { MatchLabels = new Dictionary<string, string> { ["app"] = app } };
}
