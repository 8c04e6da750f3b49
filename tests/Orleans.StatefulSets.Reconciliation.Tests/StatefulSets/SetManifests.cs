using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

/// <summary>Sets and pods to test with, defaults filled in.</summary>
internal static class SetManifests
{
    internal static V1StatefulSet Set(int replicas = 3, string policy = "OrderedReady", int claims = 0) => new()
    {
        ApiVersion = "apps/v1",
        Kind = "StatefulSet",
        Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default", Uid = "set-uid", Generation = 1 },
        Spec = new V1StatefulSetSpec
        {
            Replicas = replicas,
            ServiceName = "nginx",
            PodManagementPolicy = policy,
            RevisionHistoryLimit = 10,
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "nginx" } },
            Template = Template("nginx:1"),
            UpdateStrategy = new V1StatefulSetUpdateStrategy { Type = "RollingUpdate", RollingUpdate = new V1RollingUpdateStatefulSetStrategy { Partition = 0 } },
            VolumeClaimTemplates = [.. Enumerable.Range(0, claims).Select(ClaimTemplate)],
        },
    };

    /// <summary>A set of that spec; what it leaves out is taken from <see cref="Set"/>.</summary>
    internal static V1StatefulSet Completed(V1StatefulSetSpec spec)
    {
        var set = Set();
        return set with
        {
            Spec = spec with
            {
                Replicas = spec.Replicas ?? 1,
                ServiceName = spec.ServiceName ?? set.Spec.ServiceName,
                PodManagementPolicy = spec.PodManagementPolicy ?? set.Spec.PodManagementPolicy,
                RevisionHistoryLimit = spec.RevisionHistoryLimit ?? set.Spec.RevisionHistoryLimit,
                Selector = spec.Selector ?? set.Spec.Selector,
                Template = spec.Template ?? set.Spec.Template,
                UpdateStrategy = spec.UpdateStrategy ?? set.Spec.UpdateStrategy,
            },
        };
    }

    internal static V1PodTemplateSpec Template(string image) => new()
    {
        Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "nginx" } },
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "nginx", Image = image }] },
    };

    internal static string ImageOf(V1Pod pod) => pod.Spec.Containers[0].Image;

    /// <summary>A pod of the set with that standing, as the kubelet reports it.</summary>
    internal static V1Pod With(this V1Pod pod, string phase, DateTime? readySince = null) => pod with
    {
        Spec = pod.Spec with { NodeName = "node-1" },
        Status = new V1PodStatus
        {
            Phase = phase,
            Conditions = readySince is null ? null : [new V1PodCondition { Type = "Ready", Status = "True", LastTransitionTime = readySince }],
        },
    };

    private static V1PersistentVolumeClaim ClaimTemplate(int index) => new()
    {
        Metadata = new V1ObjectMeta { Name = index == 0 ? "www" : $"log{index}" },
        Spec = new V1PersistentVolumeClaimSpec { AccessModes = ["ReadWriteOnce"] },
    };
}
