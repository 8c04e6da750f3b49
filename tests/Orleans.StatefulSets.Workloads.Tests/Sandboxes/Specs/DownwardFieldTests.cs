using k8s.Models;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes.Specs;

/// <summary>https://kubernetes.io/docs/concepts/workloads/pods/downward-api/</summary>
public sealed class DownwardFieldTests
{
    [Theory]
    [InlineData("metadata.name", "web-0")]
    [InlineData("metadata.namespace", "default")]
    [InlineData("metadata.uid", "uid-1")]
    [InlineData("metadata.labels['zone']", "us-est-coast")]
    [InlineData("metadata.labels['nosuch']", "")]
    [InlineData("metadata.annotations['build']", "two")]
    [InlineData("spec.nodeName", "node-1")]
    [InlineData("spec.serviceAccountName", "default")]
    [InlineData("status.podIP", "10.244.0.2")]
    [InlineData("status.podIPs", "10.244.0.2")]
    [InlineData("status.hostIP", "192.168.49.2")]
    [InlineData("status.hostIPs", "192.168.49.2")]
    [InlineData("spec.nosuch", null)]
    // https://kubernetes.io/docs/tasks/inject-data-application/downward-api-volume-expose-pod-information/
    [InlineData("metadata.labels", "cluster=\"test-cluster1\"\nrack=\"rack-22\"\nzone=\"us-est-coast\"")]
    [InlineData("metadata.annotations", "build=\"two\"\nbuilder=\"john-doe\"\nodd=\"a \\\"b\\\" \\\\ \\n\\t\\x01\"")]
    public void A_pod_is_told_its_own_fields(string path, string? value)
    {
        var pod = FakeSources.Pod(new V1Container { Name = "c" });
        pod.Metadata.Labels = new Dictionary<string, string> { ["zone"] = "us-est-coast", ["cluster"] = "test-cluster1", ["rack"] = "rack-22" };
        pod.Metadata.Annotations = new Dictionary<string, string> { ["builder"] = "john-doe", ["build"] = "two", ["odd"] = "a \"b\" \\ \n\t\u0001" };
        Assert.Equal(value, DownwardFields.Find(pod, path));
    }

    // "resourceFieldRef … divisor": cpu in units of 1 by default, rounded up; limits that are not given are the node's allocatable.
    [Theory]
    [InlineData("requests.cpu", null, "1")]
    [InlineData("requests.cpu", "1m", "125")]
    [InlineData("limits.cpu", "1m", "250")]
    [InlineData("limits.memory", null, "67108864")]
    [InlineData("limits.memory", "1Mi", "64")]
    [InlineData("requests.memory", "1Mi", "0")]
    [InlineData("limits.ephemeral-storage", "1Gi", "10")]
    [InlineData("limits.nosuch", null, null)]
    public void A_container_is_told_its_resources_in_units_of_a_divisor(string resource, string? divisor, string? value)
    {
        var container = new V1Container
        {
            Name = "c",
            Resources = new V1ResourceRequirements
            {
                Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("125m") },
                Limits = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("250m"), ["memory"] = new("64Mi") },
            },
        };
        var node = new V1Node { Status = new V1NodeStatus { Allocatable = new Dictionary<string, ResourceQuantity> { ["ephemeral-storage"] = new("10Gi") } } };
        Assert.Equal(value, DownwardFields.Find(container, new V1ResourceFieldSelector { Resource = resource, Divisor = divisor is null ? null : new ResourceQuantity(divisor) }, node));
    }
}
