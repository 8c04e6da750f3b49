using k8s.Models;
using Orleans.StatefulSets.Resources.Tests.Strategies;
using static Orleans.StatefulSets.Resources.Tests.Strategies.Manifests;

namespace Orleans.StatefulSets.Resources.Tests.Defaulting;

public sealed class OtherDefaultsTests
{
    [Fact]
    public void HeadlessService_OfTheTutorial_HasEveryDefault()
    {
        var service = Create<V1Service>("""
            metadata: { name: nginx, labels: { app: nginx } }
            spec:
              ports: [ { port: 80, name: web } ]
              clusterIP: None
              selector: { app: nginx }
            """);

        Assert.Equal(
            """{"clusterIP":"None","clusterIPs":["None"],"internalTrafficPolicy":"Cluster","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","ports":[{"name":"web","port":80,"protocol":"TCP","targetPort":80}],"selector":{"app":"nginx"},"sessionAffinity":"None","type":"ClusterIP"}""",
            Json(service.Spec));
        Assert.Equal("""{"loadBalancer":{}}""", Json(service.Status));
    }

    [Theory]
    [InlineData(null, "fast")]
    [InlineData("", "")]
    [InlineData("slow", "slow")]
    public void Claim_NamingNoClass_GetsTheNewestDefault(string? given, string expected)
    {
        var claim = Create(
            new V1PersistentVolumeClaim
            {
                Metadata = new V1ObjectMeta { Name = "www", NamespaceProperty = "default" },
                Spec = new V1PersistentVolumeClaimSpec { StorageClassName = given },
            },
            new FixedCluster(Class("old", 1, "true"), Class("fast", 2, "true"), Class("slow", 3, "false")));

        Assert.Equal(expected, claim.Spec.StorageClassName);
        Assert.Equal(["kubernetes.io/pvc-protection"], claim.Metadata.Finalizers);
        Assert.Equal("""{"phase":"Pending"}""", Json(claim.Status));
    }

    [Fact]
    public void StorageClass_ReclaimsByDeleting_AndBindsAtOnce()
    {
        var model = Create(new V1StorageClass { Metadata = new V1ObjectMeta { Name = "a" }, Provisioner = "p" });

        Assert.Equal(("Delete", "Immediate"), (model.ReclaimPolicy, model.VolumeBindingMode));
    }

    [Fact]
    public void Node_AtCreation_KeepsWhatItSaysOfItself()
    {
        var node = Create(new V1Node
        {
            Metadata = new V1ObjectMeta { Name = "node-1" },
            Status = new V1NodeStatus { Capacity = new Dictionary<string, ResourceQuantity> { ["pods"] = new("110") } },
        });

        Assert.Equal("110", node.Status.Allocatable["pods"].ToString());
    }

    private static V1StorageClass Class(string name, int day, string isDefault) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            CreationTimestamp = new DateTime(2025, 1, day, 0, 0, 0, DateTimeKind.Utc),
            Annotations = new Dictionary<string, string> { ["storageclass.kubernetes.io/is-default-class"] = isDefault },
        },
    };
}
