using k8s.Models;
using Orleans.StatefulSets.Grains.GarbageCollection;

namespace Orleans.StatefulSets.Grains.Tests.GarbageCollection;

public sealed class OwnerKeysTests
{
    [Theory]
    [InlineData("apps/v1", "StatefulSet", "statefulsets.apps/default/web")]
    [InlineData("v1", "Pod", "pods/default/web")]
    [InlineData("v1", "Node", "nodes//web")]
    [InlineData("discovery.k8s.io/v1", "EndpointSlice", "endpointslices.discovery.k8s.io/default/web")]
    public void A_served_kind_is_found_by_group_and_kind(string apiVersion, string kind, string key) =>
        Assert.Equal(key, OwnerKeys.Of(new V1OwnerReference { ApiVersion = apiVersion, Kind = kind, Name = "web", Uid = "1" }, "default").ToString());

    [Theory]
    [InlineData("v1", "StatefulSet")]
    [InlineData("apps/v1", "ReplicaSet")]
    [InlineData("example.com/v1", "Pod")]
    public void Nothing_is_concluded_about_a_kind_that_is_not_served(string apiVersion, string kind) =>
        Assert.Null(OwnerKeys.Of(new V1OwnerReference { ApiVersion = apiVersion, Kind = kind, Name = "web", Uid = "1" }, "default"));

    // "A valid owner reference consists of the object name and a UID within the same namespace as the dependent object."
    [Fact]
    public void A_namespaced_owner_of_an_object_without_a_namespace_is_unknown() =>
        Assert.Null(OwnerKeys.Of(new V1OwnerReference { ApiVersion = "v1", Kind = "Pod", Name = "web-0", Uid = "u" }, ""));
}
