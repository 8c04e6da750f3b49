using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

internal static class SamplePods
{
    internal static V1Pod Bound(string name = "web-0") => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = "default",
            Uid = $"uid-{name}",
            Labels = new Dictionary<string, string> { ["app"] = "nginx" },
        },
        Spec = new V1PodSpec
        {
            NodeName = "node-1",
            Hostname = name,
            Subdomain = "nginx",
            Containers =
            [
                new V1Container
                {
                    Name = "nginx",
                    Image = "registry.k8s.io/nginx-slim:0.8",
                    ImagePullPolicy = "IfNotPresent",
                    Ports = [new V1ContainerPort { Name = "web", ContainerPort = 80, Protocol = "TCP" }],
                    VolumeMounts = [new V1VolumeMount { Name = "www", MountPath = "/usr/share/nginx/html" }],
                },
            ],
            Volumes =
            [
                new V1Volume { Name = "www", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = $"www-{name}" } },
            ],
        },
        Status = new V1PodStatus
        {
            Phase = "Pending",
            QosClass = "BestEffort",
            Conditions =
            [
                new V1PodCondition { Type = "PodScheduled", Status = "True", LastTransitionTime = new DateTime(2025, 6, 1, 11, 59, 59, DateTimeKind.Utc) },
            ],
        },
    };

    internal static V1Pod WithInits(V1Pod pod, params V1Container[] inits) => pod with { Spec = pod.Spec with { InitContainers = inits } };

    internal static V1Container Init(string name, bool sidecar = false) =>
        new() { Name = name, Image = "busybox", ImagePullPolicy = "Always", RestartPolicy = sidecar ? "Always" : null };

    internal static V1Pod Ready(string name, string ip, string node = "node-1", bool ready = true, bool terminating = false) => Bound(name) with
    {
        Metadata = Bound(name).Metadata with { DeletionTimestamp = terminating ? new DateTime(2025, 6, 1, 12, 0, 30, DateTimeKind.Utc) : null },
        Spec = Bound(name).Spec with { NodeName = node },
        Status = new V1PodStatus
        {
            Phase = "Running",
            PodIP = ip,
            Conditions = [new V1PodCondition { Type = "Ready", Status = ready ? "True" : "False" }],
        },
    };
}
