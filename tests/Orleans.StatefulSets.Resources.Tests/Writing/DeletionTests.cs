using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Tests.Writing;

public sealed class DeletionTests
{
    private static readonly ObjectKey PodKey = ResourceKinds.Pods.Key("default", "web-0");
    private readonly Cluster cluster = new();

    [Fact]
    public void Running_pod_is_marked_for_its_grace_period_and_its_generation_counts()
    {
        Pod("node-1", "Running");

        var pod = (V1Pod)Delete(WriteOutcome.Updated);

        Assert.Equal((Cluster.Now.AddSeconds(30), 30L, 2L), (pod.Metadata.DeletionTimestamp, pod.Metadata.DeletionGracePeriodSeconds, pod.Metadata.Generation));
    }

    [Fact]
    public void A_grace_period_of_ages_ends_at_a_moment_that_can_be_written()
    {
        Pod("node-1", "Running");

        var pod = (V1Pod)Delete(WriteOutcome.Updated, new V1DeleteOptions { GracePeriodSeconds = long.MaxValue });

        Assert.Equal((Cluster.Now.AddSeconds(int.MaxValue), (long?)int.MaxValue), (pod.Metadata.DeletionTimestamp, pod.Metadata.DeletionGracePeriodSeconds));
    }

    [Fact]
    public void Between_two_seconds_a_pod_is_marked_with_a_whole_one()
    {
        Pod("node-1", "Running");

        var request = new WriteRequest { Key = PodKey, Verb = WriteVerb.Delete, DeleteOptions = new V1DeleteOptions() };
        var decision = cluster.Writer.Decide(request, cluster.Find(PodKey), cluster, Cluster.Now.AddMilliseconds(999.5));

        Assert.Equal(Cluster.Now.AddSeconds(30), ((V1Pod)decision.Model).Metadata.DeletionTimestamp);
    }

    [Fact]
    public void Another_kind_than_DeleteOptions_deletes_nothing()
    {
        Pod("node-1", "Running");

        var refusal = Assert.Throws<ApiException>(() => cluster.Write(PodKey, WriteVerb.Delete, """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web-0"}}"""));

        Assert.Equal((500, "decoded object cannot be converted to DeleteOptions"), (refusal.Code, refusal.Message));
    }

    [Theory]
    [InlineData(null, "Pending")]
    [InlineData("node-1", "Succeeded")]
    [InlineData("node-1", "Failed")]
    public void Pod_that_never_ran_or_is_finished_goes_at_once(string? node, string phase)
    {
        Pod(node, phase);

        Delete(WriteOutcome.Removed);
    }

    [Fact]
    public void Second_delete_only_shortens_the_grace_period_and_zero_removes()
    {
        Pod("node-1", "Running");
        cluster.Store(Delete(WriteOutcome.Updated), 11);

        Delete(WriteOutcome.Unchanged);
        Delete(WriteOutcome.Unchanged, new V1DeleteOptions { GracePeriodSeconds = 60 });
        var shorter = (V1Pod)Delete(WriteOutcome.Updated, new V1DeleteOptions { GracePeriodSeconds = 5 });
        Assert.Equal((Cluster.Now.AddSeconds(5), 2L), (shorter.Metadata.DeletionTimestamp, shorter.Metadata.Generation));
        Delete(WriteOutcome.Removed, new V1DeleteOptions { GracePeriodSeconds = 0 });
    }

    [Theory]
    [InlineData("Foreground", "foregroundDeletion")]
    [InlineData("Orphan", "orphan")]
    public void Propagation_policy_leaves_its_finalizer_and_an_object_that_waits(string policy, string finalizer)
    {
        var key = Claim();

        var decision = cluster.Write(key, WriteVerb.Delete, options: new V1DeleteOptions { PropagationPolicy = policy });

        var metadata = ((V1ConfigMap)decision.Model).Metadata;
        Assert.Equal(WriteOutcome.Updated, decision.Outcome);
        Assert.Equal((Cluster.Now, 0L), (metadata.DeletionTimestamp, metadata.DeletionGracePeriodSeconds));
        Assert.Equal([finalizer], metadata.Finalizers);
    }

    [Fact]
    public void Background_is_gone_at_once() =>
        Assert.Equal(WriteOutcome.Removed, cluster.Write(Claim(), WriteVerb.Delete, options: new V1DeleteOptions { PropagationPolicy = "Background" }).Outcome);

    [Fact]
    public void Preconditions_that_fail_conflict()
    {
        var key = Claim();

        var refusal = Assert.Throws<ApiException>(() => cluster.Write(
            key, WriteVerb.Delete, options: new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = "x" } }));

        Assert.Equal(
            (409, "Operation cannot be fulfilled on ConfigMap \"m\": the UID in the precondition (x) does not match the UID in record (uid-1). The object might have been deleted and then recreated"),
            (refusal.Code, refusal.Message));
    }

    [Fact]
    public void Namespace_terminates_until_its_finalizer_is_gone()
    {
        var key = ResourceKinds.Namespaces.Key("", "team");
        cluster.Create(key, """{"metadata":{"name":"team"}}""");

        var marked = cluster.Write(key, WriteVerb.Delete, options: new V1DeleteOptions());
        cluster.Store(marked.Model, 11);

        Assert.Equal("Terminating", ((V1Namespace)marked.Model).Status.Phase);
        Assert.Equal(WriteOutcome.Unchanged, cluster.Write(key, WriteVerb.Delete, options: new V1DeleteOptions()).Outcome);
        Assert.Equal(WriteOutcome.Removed, cluster.Write(key, WriteVerb.Update, """{"metadata":{"name":"team"},"spec":{"finalizers":[]}}""", "finalize").Outcome);
    }

    [Fact]
    public void Namespace_of_the_cluster_stays()
    {
        var refusal = Assert.Throws<ApiException>(() => cluster.Write(ResourceKinds.Namespaces.Key("", "default"), WriteVerb.Delete));

        Assert.Equal((403, "namespaces \"default\" is forbidden: this namespace may not be deleted"), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void Binding_sets_node_and_condition_once()
    {
        Pod(null, "Pending");
        const string Body = """{"metadata":{"name":"web-0"},"target":{"kind":"Node","name":"node-2"}}""";

        var bound = (V1Pod)cluster.Write(PodKey, WriteVerb.Create, Body, "binding").Model;
        cluster.Store(bound, 11);

        Assert.Equal("node-2", bound.Spec.NodeName);
        Assert.Equal(("PodScheduled", "True"), (bound.Status.Conditions.Single().Type, bound.Status.Conditions.Single().Status));
        var refusal = Assert.Throws<ApiException>(() => cluster.Write(PodKey, WriteVerb.Create, Body, "binding"));
        Assert.Equal(
            (409, "Operation cannot be fulfilled on pods/binding \"web-0\": pod web-0 is already assigned to node \"node-2\""),
            (refusal.Code, refusal.Message));
    }

    private object Delete(WriteOutcome outcome, V1DeleteOptions? options = null)
    {
        var decision = cluster.Write(PodKey, WriteVerb.Delete, options: options ?? new V1DeleteOptions());
        Assert.Equal(outcome, decision.Outcome);
        return decision.Model;
    }

    private ObjectKey Claim()
    {
        var key = ResourceKinds.ConfigMaps.Key("default", "m");
        cluster.Create(key, """{"metadata":{"name":"m"}}""");
        return key;
    }

    private void Pod(string? node, string phase) => cluster.Store(new V1Pod
    {
        Metadata = new V1ObjectMeta { Name = "web-0", NamespaceProperty = "default", Uid = "p", Generation = 1 },
        Spec = new V1PodSpec { NodeName = node, TerminationGracePeriodSeconds = 30, Containers = [new V1Container { Name = "c", Image = "i" }] },
        Status = new V1PodStatus { Phase = phase },
    }, 10);
}
