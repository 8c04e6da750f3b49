using k8s;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Objects;
using static Orleans.StatefulSets.Resources.Tests.Strategies.Manifests;

namespace Orleans.StatefulSets.Resources.Tests.Validation;

/// <summary>What a Fault may say. What goes with another action only is refused, not ignored.</summary>
public sealed class FaultRulesTests
{
    [Theory]
    [InlineData("action: NodeCrash, selector: { nodes: [ node-2 ] }, startAfter: 10s, duration: 1h30m", "")]
    [InlineData("action: NodeFreeze, selector: { labelSelector: { matchLabels: { zone: a } } }, percent: 50, count: 1, seed: -7", "")]
    [InlineData("action: ContainerKill, selector: { pods: [ web-* ], containers: [ c ] }, period: 1m, duration: 10m", "")]
    [InlineData("action: ImagePullFailure", "")]
    [InlineData("action: VolumeProvisioningFailure, selector: { claims: [ www-* ], storageClasses: [ standard ] }, count: 3", "")]
    [InlineData("action: ProbeFailure, probe: startup, selector: { images: [ nginx ] }", "")]
    [InlineData("action: APIError, statusCode: 429, selector: { verbs: [ get ], resources: [ pods/status ], userAgents: [ kubectl* ], namespaces: [ a ] }", "")]
    [InlineData("action: APIDelay, delay: 300ms", "")]
    [InlineData("percent: 5", "spec.action: Required value")]
    [InlineData(
        "action: Explode",
        "spec.action: Unsupported value: \"Explode\": supported values: \"NodeCrash\", \"NodeFreeze\", \"NodeDrain\", \"NodeRemove\", \"ContainerKill\", \"ImagePullFailure\", \"VolumeProvisioningFailure\", \"ProbeFailure\", \"APIError\", \"APIDelay\"")]
    [InlineData("action: NodeDrain", "spec.selector: Required value: must say who is hit when `action` is 'NodeDrain'; [\"*\"] is everybody")]
    [InlineData("action: ContainerKill, selector: { }", "spec.selector: Required value: must say who is hit when `action` is 'ContainerKill'; [\"*\"] is everybody")]
    [InlineData("action: NodeCrash, selector: { nodes: [ a ], verbs: [ get ] }", "spec.selector.verbs: Forbidden: may not be specified when `action` is 'NodeCrash'")]
    [InlineData("action: APIError, selector: { labelSelector: { } }", "spec.selector.labelSelector: Forbidden: may not be specified when `action` is 'APIError'")]
    [InlineData("action: APIDelay, delay: 1s, selector: { nodes: [ a ] }", "spec.selector.nodes: Forbidden: may not be specified when `action` is 'APIDelay'")]
    [InlineData("action: VolumeProvisioningFailure, selector: { pods: [ a ] }", "spec.selector.pods: Forbidden: may not be specified when `action` is 'VolumeProvisioningFailure'")]
    [InlineData("action: NodeCrash, selector: { nodes: [ '' ] }", "spec.selector.nodes[0]: Required value")]
    [InlineData("action: APIError, selector: { verbs: [ steal ] }", "spec.selector.verbs[0]: Unsupported value: \"steal\": supported values: \"get\", \"list\", \"watch\", \"create\", \"update\", \"patch\", \"delete\", \"deletecollection\"")]
    [InlineData("action: ImagePullFailure, percent: 101", "spec.percent: Invalid value: 101: must be between 1 and 100, inclusive")]
    [InlineData("action: ImagePullFailure, count: 0", "spec.count: Invalid value: 0: must be between 1 and 1000000, inclusive")]
    [InlineData("action: ImagePullFailure, duration: soon", "spec.duration: Invalid value: \"soon\": must be a duration such as 30s or 1h10m")]
    [InlineData("action: ImagePullFailure, startAfter: 10ms", "spec.startAfter: Invalid value: \"10ms\": must be between 1s and 87600h, inclusive")]
    [InlineData("action: ImagePullFailure, period: 1s", "spec.period: Forbidden: may not be specified when `action` is 'ImagePullFailure'")]
    [InlineData("action: ContainerKill, selector: { pods: [ a ] }, duration: 1m", "spec.duration: Forbidden: may not be specified without `period`: containers are killed once")]
    [InlineData("action: ProbeFailure", "spec.probe: Required value")]
    [InlineData("action: ProbeFailure, probe: any", "spec.probe: Unsupported value: \"any\": supported values: \"liveness\", \"readiness\", \"startup\"")]
    [InlineData("action: NodeCrash, selector: { nodes: [ a ] }, probe: liveness", "spec.probe: Forbidden: may not be specified when `action` is 'NodeCrash'")]
    [InlineData("action: APIDelay", "spec.delay: Required value")]
    [InlineData("action: APIDelay, delay: 11m", "spec.delay: Invalid value: \"11m\": must be between 1ms and 10m, inclusive")]
    [InlineData("action: APIError, delay: 1s", "spec.delay: Forbidden: may not be specified when `action` is 'APIError'")]
    [InlineData("action: APIError, statusCode: 200", "spec.statusCode: Invalid value: 200: must be one of 403, 409, 429, 500, 503, 504")]
    [InlineData("action: APIDelay, delay: 1s, statusCode: 500", "spec.statusCode: Forbidden: may not be specified when `action` is 'APIDelay'")]
    public void A_fault_must_make_sense(string spec, string complaints) => Assert.Equal(complaints, string.Join('\n', Complaints(Create(Fault(spec)))));

    [Fact]
    public void So_many_names_and_no_more()
    {
        var names = string.Join(", ", Enumerable.Range(0, 101).Select(number => $"n{number}"));

        Assert.Equal(["spec.selector.nodes: Too many: 101: must have at most 100 items"], Complaints(Create(Fault($"action: NodeCrash, selector: {{ nodes: [ {names} ] }}"))));
    }

    [Fact]
    public void What_is_not_said_is_filled_in_and_what_is_done_to_nodes_holds_the_fault_until_it_is_undone()
    {
        var crash = Create(Fault("action: NodeCrash, selector: { nodes: [ a ] }"));
        var error = Create(Fault("action: APIError"));

        Assert.Equal((100, null, "Pending", 1), (crash.Spec.Percent, crash.Spec.StatusCode, crash.Status?.Phase, crash.Metadata.Generation));
        Assert.Equal([FaultFinalizer.Name], crash.Metadata.Finalizers);
        Assert.Equal((500, null), (error.Spec.StatusCode, error.Metadata.Finalizers));
    }

    [Fact]
    public void The_spec_stays_as_it_was_made()
    {
        var fault = Create(Fault("action: APIError"));
        var other = Update(fault with { Spec = fault.Spec with { StatusCode = 503 } }, fault);

        Assert.Equal(["spec: Forbidden: may not be changed in an update: delete the Fault and make another one"], UpdateComplaints(other, fault));
        Assert.Empty(UpdateComplaints(Update(Fault("action: APIError"), fault), fault));
    }

    [Fact]
    public void A_write_of_the_status_leaves_the_spec_and_a_write_of_the_spec_the_status()
    {
        var fault = Create(Fault("action: APIError"));
        var active = new V1alpha1FaultStatus { Phase = "Active" };

        Assert.Equal(("APIError", "Active"), (Update(fault with { Spec = new V1alpha1FaultSpec(), Status = active }, fault, "status").Spec.Action, Update(fault with { Status = active }, fault, "status").Status!.Phase));
        Assert.Equal("Pending", Update(fault with { Status = active }, fault).Status!.Phase);
        Assert.Equal(["status.injections: Invalid value: -1: must be greater than or equal to 0"], UpdateComplaints(fault with { Status = new V1alpha1FaultStatus { Injections = -1 } }, fault, "status"));
    }

    [Fact]
    public void A_fault_is_written_as_other_objects_are_and_read_back()
    {
        var fault = Create(Fault("action: APIError, selector: { labelSelector: { matchLabels: { a: b } } }")) with
        {
            Status = new V1alpha1FaultStatus { StartedAt = new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc) },
        };

        Assert.Equal(
            """{"apiVersion":"emulator.statefulsets/v1alpha1","kind":"Fault","metadata":{"generation":1,"name":"f"},"spec":{"action":"APIError","percent":100,"selector":{"labelSelector":{"matchLabels":{"a":"b"}}},"statusCode":500},"status":{"startedAt":"2025-01-02T03:04:05Z"}}""",
            Json(fault));
        Assert.Equal(Json(fault), Json(ObjectJson.Decode<V1alpha1Fault>(ObjectJson.Encode(fault))));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1500ms", 1.5)]
    [InlineData("1.5s", 1.5)]
    [InlineData("1h10m3s", 4203)]
    [InlineData("2us", 0.000002)]
    public void A_duration_is_read_as_Go_reads_it(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, 9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("-5s")]
    [InlineData("s")]
    [InlineData("5 s")]
    [InlineData("5d")]
    [InlineData("1.2.3s")]
    [InlineData("99999999999999h")]
    [InlineData("1s1s1s1s1s1s1s1s1s1s1s1s1s1s1s1s1s")]
    public void What_is_no_duration_is_none(string text) => Assert.False(GoDuration.TryParse(text, out _));

    private static V1alpha1Fault Fault(string spec) =>
        KubernetesYaml.Deserialize<V1alpha1Fault>($"apiVersion: emulator.statefulsets/v1alpha1\nkind: Fault\nmetadata: {{ name: f }}\nspec: {{ {spec} }}");
}
