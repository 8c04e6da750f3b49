using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Strategies;
using Orleans.StatefulSets.Resources.Tests.Strategies;

namespace Orleans.StatefulSets.Resources.Tests.Defaulting;

/// <summary>The sentences are those of "Pod Priority and Preemption".</summary>
public sealed class PodPriorityTests
{
    // "The priority admission controller uses the priorityClassName field and populates the integer value of the priority."
    [Theory]
    [InlineData("high", 1000, "Never")]
    [InlineData("system-node-critical", 2000001000, "PreemptLowerPriority")]
    [InlineData("system-cluster-critical", 2000000000, "PreemptLowerPriority")]
    [InlineData(null, 0, "PreemptLowerPriority")]
    public void A_pod_gets_the_priority_of_its_class(string? name, int priority, string policy)
    {
        var spec = Create(new V1PodSpec { PriorityClassName = name }, Class("high", 1000, policy: "Never"));

        Assert.Equal((priority, policy, name), (spec.Priority, spec.PreemptionPolicy, spec.PriorityClassName));
    }

    // "The globalDefault field indicates that the value of this PriorityClass should be used for Pods without a priorityClassName."
    // Of several, "the smallest value … will be used as the default priority".
    [Fact]
    public void A_pod_that_names_no_class_gets_the_smallest_default_one()
    {
        var spec = Create(new V1PodSpec(), Class("more", 7, isDefault: true), Class("less", 5, isDefault: true), Class("none", 1));

        Assert.Equal((5, "less"), (spec.Priority, spec.PriorityClassName));
    }

    // "If the priority class is not found, the Pod is rejected."
    [Fact]
    public void A_class_that_is_not_there_is_refused() => Assert.Equal(
        "pods \"web\" is forbidden: no PriorityClass with name low was found", Refusal(new V1PodSpec { PriorityClassName = "low" }));

    [Fact]
    public void A_pod_cannot_name_a_priority_or_a_policy_of_its_own()
    {
        Assert.Equal(
            "pods \"web\" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name",
            Refusal(new V1PodSpec { Priority = 5 }));
        Assert.Equal(
            "pods \"web\" is forbidden: the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name",
            Refusal(new V1PodSpec { PreemptionPolicy = "Never" }));
    }

    // "The name of the PriorityClass object … cannot be prefixed with system-." "A PriorityClass object can have any 32-bit integer value
    // smaller than or equal to 1 billion."
    [Theory]
    [InlineData("system-mine", 1, "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class")]
    [InlineData("system-node-critical", 1, "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-node-critical PriorityClass must be 2000001000")]
    [InlineData("mine", 1000000001, "value: Forbidden: maximum allowed value of a user defined priority is 1000000000")]
    public void Names_and_values_of_the_system_are_not_for_users(string name, int value, string complaint)
    {
        var errors = ObjectStrategies.For(ResourceKinds.PriorityClasses).Validate(Class(name, value), FixedCluster.Empty);

        Assert.Equal(complaint, Assert.Single(errors).ToString());
    }

    [Fact]
    public void A_class_keeps_its_value()
    {
        var errors = ObjectStrategies.For(ResourceKinds.PriorityClasses).ValidateUpdate(Class("a", 2), Class("a", 1), "", FixedCluster.Empty);

        Assert.Equal("value: Forbidden: may not be changed in an update.", Assert.Single(errors).ToString());
    }

    // "Only one PriorityClass with globalDefault set to true can exist in the system."
    [Fact]
    public void A_second_default_is_refused()
    {
        var cluster = new FixedCluster(Class("first", 1, isDefault: true));

        var refusal = Assert.Throws<ApiException>(() =>
            ObjectStrategies.For(ResourceKinds.PriorityClasses).PrepareForCreate(Class("second", 2, isDefault: true), cluster, FixedCluster.Now));

        Assert.Equal(
            "priorityclasses.scheduling.k8s.io \"second\" is forbidden: PriorityClass first is already marked as default. Only one default can exist", refusal.Message);
    }

    private static string Refusal(V1PodSpec spec) => Assert.Throws<ApiException>(() => Create(spec)).Message;

    private static V1PodSpec Create(V1PodSpec spec, params V1PriorityClass[] classes) => ((V1Pod)ObjectStrategies.For(ResourceKinds.Pods).PrepareForCreate(
        new V1Pod { Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default" }, Spec = spec }, new FixedCluster(classes), FixedCluster.Now)).Spec;

    private static V1PriorityClass Class(string name, int value, bool? isDefault = null, string? policy = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, Uid = "uid", CreationTimestamp = FixedCluster.Now },
        Value = value,
        GlobalDefault = isDefault,
        PreemptionPolicy = policy,
    };
}
