using k8s.Models;
using static Orleans.StatefulSets.Resources.Tests.Strategies.Manifests;

namespace Orleans.StatefulSets.Resources.Tests.Validation;

public sealed class PodRulesTests
{
    private static readonly Dictionary<string, (Func<V1PodSpec, V1PodSpec> Change, string Complaint)> Cases = new()
    {
        ["no image"] = (One(c => c with { Image = null }), "spec.containers[0].image: Required value"),
        ["no name"] = (One(c => c with { Name = "" }), "spec.containers[0].name: Required value"),
        ["same name"] = (spec => spec with { Containers = [spec.Containers[0], spec.Containers[0]] }, "spec.containers[1].name: Duplicate value: \"nginx\""),
        ["pull policy"] = (
            One(c => c with { ImagePullPolicy = "Maybe" }),
            "spec.containers[0].imagePullPolicy: Unsupported value: \"Maybe\": supported values: \"Always\", \"IfNotPresent\", \"Never\""),
        ["port"] = (
            One(c => c with { Ports = [new V1ContainerPort { ContainerPort = 70000, Protocol = "TCP" }] }),
            "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive"),
        ["protocol"] = (
            One(c => c with { Ports = [new V1ContainerPort { ContainerPort = 80, Protocol = "HTTP" }] }),
            "spec.containers[0].ports[0].protocol: Unsupported value: \"HTTP\": supported values: \"SCTP\", \"TCP\", \"UDP\""),
        ["port name"] = (
            One(c => c with { Ports = [new V1ContainerPort { ContainerPort = 80, Protocol = "TCP", Name = "1234" }] }),
            "spec.containers[0].ports[0].name: Invalid value: \"1234\": must contain at least one letter (a-z)"),
        ["mount of nothing"] = (
            One(c => c with { VolumeMounts = [new V1VolumeMount { Name = "www", MountPath = "/www" }] }),
            "spec.containers[0].volumeMounts[0].name: Not found: \"www\""),
        ["probe without handler"] = (
            One(c => c with { ReadinessProbe = new V1Probe() }),
            "spec.containers[0].readinessProbe: Required value: must specify a handler type"),
        ["liveness successes"] = (
            One(c => c with { LivenessProbe = new V1Probe { TcpSocket = new() { Port = 80 }, SuccessThreshold = 2 } }),
            "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1"),
        ["request over limit"] = (
            One(c => c with
            {
                Resources = new V1ResourceRequirements
                {
                    Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("2") },
                    Limits = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("1") },
                },
            }),
            "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1"),
        ["env source"] = (
            One(c => c with { Env = [new V1EnvVar { Name = "A", ValueFrom = new V1EnvVarSource() }] }),
            "spec.containers[0].env[0].valueFrom: Invalid value: \"\": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"),
        ["restart policy"] = (
            spec => spec with { RestartPolicy = "Sometimes" },
            "spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", \"OnFailure\", \"Never\""),
        ["hostname"] = (
            spec => spec with { Hostname = "A" },
            "spec.hostname: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"),
        ["toleration"] = (
            spec => spec with { Tolerations = [new V1Toleration { OperatorProperty = "Equal" }] },
            "spec.tolerations[0].operator: Invalid value: \"Equal\": operator must be Exists when `key` is empty, which means \"match all values and all keys\""),
        ["init probe"] = (
            spec => spec with { InitContainers = [spec.Containers[0] with { Name = "i", StartupProbe = new V1Probe() }] },
            "spec.initContainers[0].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always"),
        ["two sources"] = (
            spec => spec with { Volumes = [.. spec.Volumes, new V1Volume { Name = "v", EmptyDir = new(), HostPath = new() { Path = "/x" } }] },
            "spec.volumes[1]: Forbidden: may not specify more than 1 volume type"),
        ["same volume"] = (
            spec => spec with { Volumes = [.. spec.Volumes, spec.Volumes[0]] },
            "spec.volumes[1].name: Duplicate value: \"TOKEN\""),
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Spec_BreakingOneRule_IsRefusedInUpstreamsWords(string name)
    {
        var pod = PodWith(Cases[name].Change);
        var token = pod.Spec.Volumes[0].Name;

        Assert.Equal([Cases[name].Complaint.Replace("TOKEN", token, StringComparison.Ordinal)], Complaints(pod));
    }

    [Fact]
    public void Update_OfAnythingElse_IsForbidden()
    {
        var pod = Create<V1Pod>(Pod);

        Assert.StartsWith(
            "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
            Assert.Single(UpdateComplaints(pod with { Spec = pod.Spec with { NodeName = "node-1" } }, pod)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Update_OfImageDeadlineAndMoreTolerations_IsFine()
    {
        var pod = Create<V1Pod>(Pod);
        var spec = pod.Spec with
        {
            Containers = [pod.Spec.Containers[0] with { Image = "nginx:2" }],
            ActiveDeadlineSeconds = 5,
            Tolerations = [.. pod.Spec.Tolerations, new V1Toleration { Key = "a", OperatorProperty = "Exists" }],
        };

        Assert.Empty(UpdateComplaints(pod with { Spec = spec }, pod));
        Assert.Equal(2, Update(pod with { Spec = spec }, pod).Metadata.Generation);
    }

    [Fact]
    public void Update_TakingATolerationAway_IsForbidden()
    {
        var pod = Create<V1Pod>(Pod);

        Assert.Equal(
            ["spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"],
            UpdateComplaints(pod with { Spec = pod.Spec with { Tolerations = [] } }, pod));
    }

    [Fact]
    public void Binding_MaySetTheNode()
    {
        var pod = Create<V1Pod>(Pod);

        Assert.Empty(UpdateComplaints(pod with { Spec = pod.Spec with { NodeName = "node-1" } }, pod, "binding"));
    }

    [Fact]
    public void RepeatedPortsAndEnv_AreWarnedOf()
    {
        var pod = PodWith(One(c => c with
        {
            Ports = [new V1ContainerPort { ContainerPort = 80, Protocol = "TCP" }, new V1ContainerPort { ContainerPort = 80, Protocol = "TCP" }],
            Env = [new V1EnvVar { Name = "A" }, new V1EnvVar { Name = "A" }],
        }));

        Assert.Equal(
            [
                "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]",
                "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply",
            ],
            Strategy<V1Pod>().Warnings(pod));
    }

    private static Func<V1PodSpec, V1PodSpec> One(Func<V1Container, V1Container> change) =>
        spec => spec with { Containers = [change(spec.Containers[0])] };
}
