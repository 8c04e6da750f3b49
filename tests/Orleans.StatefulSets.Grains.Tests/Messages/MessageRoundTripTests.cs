using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Tests.Messages;

public sealed class MessageRoundTripTests
{
    private readonly Serializer serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void A_stored_object_arrives_with_its_bytes_and_its_version()
    {
        var sent = Samples.Stored(Samples.Pod("web-0", "node-1"), 42);

        var received = RoundTrip(sent);

        Assert.Equal(sent.Key, received.Key);
        Assert.Equal(sent.Uid, received.Uid);
        Assert.Equal(42, received.ResourceVersion);
        Assert.Equal(sent.ToArray(), received.ToArray());
        Assert.Equal("42", received.Metadata.ResourceVersion);
    }

    [Fact]
    public void A_model_arrives_as_its_own_type()
    {
        var received = RoundTrip(new Model(Samples.Pod("web-0", "node-1")));

        Assert.Equal(ObjectJson.Encode(Samples.Pod("web-0", "node-1")), ObjectJson.Encode(received.As<V1Pod>()));
    }

    [Fact]
    public void A_pod_status_arrives_as_a_model()
    {
        var received = RoundTrip(new Model(new V1PodStatus { Phase = "Running", PodIP = "10.244.0.2" }));

        Assert.Equal(("Running", "10.244.0.2"), (received.As<V1PodStatus>().Phase, received.As<V1PodStatus>().PodIP));
    }

    // The emulator's own kind is not among the client library's models.
    [Fact]
    public void A_fault_arrives_as_a_model()
    {
        var sent = new V1alpha1Fault { Metadata = new V1ObjectMeta { Name = "f" }, Spec = new V1alpha1FaultSpec { Action = FaultActions.NodeCrash, Selector = new V1alpha1FaultSelector { Nodes = ["a"] } } };

        var received = RoundTrip(new Model(sent)).As<V1alpha1Fault>();

        Assert.Equal(("f", FaultActions.NodeCrash, "a"), (received.Metadata.Name, received.Spec.Action, received.Spec.Selector!.Nodes!.Single()));
    }

    [Fact]
    public void A_write_request_arrives_whole()
    {
        var sent = new WriteRequest
        {
            Key = ResourceKinds.Pods.Key("default", "web-0"),
            Verb = WriteVerb.Patch,
            Subresource = "status",
            Body = "{\"a\":1}"u8.ToArray(),
            Patch = PatchKind.StrategicMerge,
            FieldValidation = FieldValidation.Strict,
            DryRun = true,
            FieldManager = "kubectl",
            DeleteOptions = new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = "u" }, PropagationPolicy = "Orphan" },
        };

        var received = RoundTrip(sent);

        Assert.Equal(sent.Body.ToArray(), received.Body.ToArray());
        Assert.Equal((0, "u", "Orphan"), (received.DeleteOptions!.GracePeriodSeconds, received.DeleteOptions.Preconditions.Uid, received.DeleteOptions.PropagationPolicy));
        Assert.Equal(sent with { Body = default, DeleteOptions = null }, received with { Body = default, DeleteOptions = null });
    }

    [Fact]
    public void A_write_request_without_delete_options_arrives_without()
    {
        Assert.Null(RoundTrip(new WriteRequest { Key = ResourceKinds.Pods.Key("default", "web-0"), Verb = WriteVerb.Create }).DeleteOptions);
    }

    [Fact]
    public void A_refusal_arrives_with_its_code_reason_message_and_causes()
    {
        var sent = ApiErrors.Invalid(ResourceKinds.Pods, "web-0", [new FieldError("FieldValueRequired", "spec.containers", "Required value")]);

        var received = RoundTrip(ObjectReply.Refuse(sent));

        Assert.True(received.Refused);
        var refusal = received.ToException();
        Assert.Equal((422, "Invalid", sent.Message), (refusal.Code, refusal.Reason, refusal.Message));
        var cause = Assert.Single(refusal.Status.Details.Causes);
        Assert.Equal(("FieldValueRequired", "spec.containers", "Required value"), (cause.Reason, cause.Field, cause.Message));
        Assert.Equal(("Failure", "Status", "v1", "Pod", "web-0"), (
            refusal.Status.Status, refusal.Status.Kind, refusal.Status.ApiVersion, refusal.Status.Details.Kind, refusal.Status.Details.Name));
        Assert.Throws<ApiException>(() => received.Demand());
    }

    [Fact]
    public void A_success_arrives_with_its_object_and_warnings()
    {
        var received = RoundTrip(new ObjectReply { Outcome = WriteOutcome.Created, Object = Samples.ConfigMap("a", 7), Warnings = ["unknown field \"x\""] });

        Assert.False(received.Refused);
        Assert.Equal(WriteOutcome.Created, received.Outcome);
        Assert.Equal(7, received.Demand().ResourceVersion);
        Assert.Equal(["unknown field \"x\""], received.Warnings);
    }

    [Fact]
    public void A_commit_leaves_its_model_at_home()
    {
        var received = RoundTrip(Samples.Entry("a", 3, 9) with { Model = Samples.Pod("a") });

        Assert.Null(received.Model);
        Assert.Equal((Samples.ConfigMapKey("a"), 3L, false, Samples.CommitId(9)), (received.Key, received.ExpectedRevision, received.Deleted, received.CommitId));
        Assert.Equal(Samples.Entry("a", 3, 9).Payload.ToArray(), received.Payload.ToArray());
    }

    [Fact]
    public void A_slice_arrives_in_order()
    {
        var received = RoundTrip(Samples.Slice(3, Samples.Put("a", 1), Samples.Put("b", 2), Samples.Gone("a", 3)));

        Assert.Equal(["a@1", "b@2", "a@3 gone"], received.Revisions.Select(revision =>
            $"{revision.Object.Key.Name}@{revision.Object.ResourceVersion}{(revision.Deleted ? " gone" : "")}"));
    }

    private T RoundTrip<T>(T value) => serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
}
