using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <summary>The sets of the tests, and questions about their pods.</summary>
internal static class Sets
{
    public static ObjectKey Key(string name) => ResourceKinds.StatefulSets.Key("default", name);

    public static V1StatefulSet New(string name, int replicas, string policy = "OrderedReady", bool claims = false) => new()
    {
        ApiVersion = "apps/v1",
        Kind = "StatefulSet",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1StatefulSetSpec
        {
            Replicas = replicas,
            ServiceName = name,
            PodManagementPolicy = policy,
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = name } },
            Template = new V1PodTemplateSpec
            {
                Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = name } },
                Spec = new V1PodSpec { Containers = [new V1Container { Name = "nginx", Image = "nginx" }] },
            },
            VolumeClaimTemplates = claims
                ?
                [
                    new V1PersistentVolumeClaim
                    {
                        Metadata = new V1ObjectMeta { Name = "data" },
                        Spec = new V1PersistentVolumeClaimSpec
                        {
                            AccessModes = ["ReadWriteOnce"],
                            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } },
                        },
                    },
                ]
                : null,
        },
    };

    public static IReadOnlyList<V1Pod> Pods(Replica replica, string set) =>
        [.. replica.List(ResourceKinds.Pods.Resource, "default").Select(item => item.As<V1Pod>()).Where(pod => pod.Metadata.Labels["app"] == set)];

    public static bool AreReady(Replica replica, string set, int count) => Pods(replica, set) is var pods && pods.Count == count && pods.All(IsReady);

    public static bool IsReady(V1Pod pod) => PodReadiness.IsReady(pod) && !PodReadiness.IsTerminating(pod);

    public static IReadOnlyDictionary<string, string> Uids(Replica replica, string set) =>
        Pods(replica, set).ToDictionary(pod => pod.Metadata.Name, pod => pod.Metadata.Uid);
}
