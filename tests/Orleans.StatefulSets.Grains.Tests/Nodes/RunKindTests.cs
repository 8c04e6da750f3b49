using k8s.Models;
using Orleans.StatefulSets.Grains.Nodes.Runtime;
using Orleans.StatefulSets.Workloads.Images;

namespace Orleans.StatefulSets.Grains.Tests.Nodes;

/// <summary>Which pods must run in earnest, and which are as they would be until somebody looks.</summary>
public sealed class RunKindTests
{
    private static readonly RunKinds Kinds = new(ImageCatalog.Default);

    [Theory]
    [InlineData("nginx", null)]
    [InlineData("busybox", "sleep 3600")]
    public void What_waits_does_not_run_whatever_every_pod_gets(string image, string? command) => Assert.Empty(Kinds.Of(Pod(image, command, Token())));

    [Theory]
    [InlineData("nginx", null)]
    [InlineData("busybox", "sleep 3600")]
    public void What_may_be_missing_is_found_out_by_running(string image, string? command)
    {
        Assert.NotEmpty(Kinds.Of(Pod(image, command, new V1Volume { Name = "v", ConfigMap = new V1ConfigMapVolumeSource { Name = "mine" } })));
        Assert.NotEmpty(Kinds.Of(Pod(image, command, new V1Volume { Name = "v", Secret = new V1SecretVolumeSource { SecretName = "mine" } })));
        Assert.NotEmpty(Kinds.Of(Pod(image, command, new V1Volume { Name = "v", HostPath = new V1HostPathVolumeSource { Path = "/x", Type = "Directory" } })));
    }

    [Fact]
    public void What_may_be_missing_by_permission_keeps_nobody_from_waiting() => Assert.Empty(
        Kinds.Of(Pod("busybox", "sleep 3600", new V1Volume { Name = "v", ConfigMap = new V1ConfigMapVolumeSource { Name = "mine", Optional = true } })));

    [Fact]
    public void What_its_environment_needs_may_be_missing_too()
    {
        var pod = Pod("busybox", "sleep 3600", Token());
        pod.Spec.Containers[0].Env = [new V1EnvVar { Name = "X", ValueFrom = new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = "mine", Key = "k" } } }];

        Assert.Equal(["main"], Kinds.Of(pod));
    }

    private static V1Pod Pod(string image, string? command, V1Volume volume) => new()
    {
        Metadata = new V1ObjectMeta { Name = "web-0" },
        Spec = new V1PodSpec
        {
            Containers =
            [
                new V1Container
                {
                    Name = "main",
                    Image = image,
                    Command = command?.Split(' '),
                    VolumeMounts = [new V1VolumeMount { Name = volume.Name, MountPath = volume.Projected is null ? "/data" : "/var/run/secrets/kubernetes.io/serviceaccount" }],
                },
            ],
            Volumes = [volume],
        },
    };

    private static V1Volume Token() => new()
    {
        Name = "kube-api-access-abcde",
        Projected = new V1ProjectedVolumeSource
        {
            Sources =
            [
                new V1VolumeProjection { ServiceAccountToken = new V1ServiceAccountTokenProjection { Path = "token" } },
                new V1VolumeProjection { ConfigMap = new V1ConfigMapProjection { Name = "kube-root-ca.crt" } },
            ],
        },
    };
}
