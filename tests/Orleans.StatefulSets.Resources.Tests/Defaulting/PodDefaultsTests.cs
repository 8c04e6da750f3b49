using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Tests.Strategies;
using static Orleans.StatefulSets.Resources.Tests.Strategies.Manifests;

namespace Orleans.StatefulSets.Resources.Tests.Defaulting;

public sealed class PodDefaultsTests
{
    private const string Golden = """{"apiVersion":"v1","kind":"Pod","metadata":{"generation":1,"name":"web-0","namespace":"default"},"spec":{"containers":[{"image":"nginx","imagePullPolicy":"Always","name":"nginx","resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","volumeMounts":[{"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","name":"kube-api-access-?????","readOnly":true}]}],"dnsPolicy":"ClusterFirst","enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority","priority":0,"restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},"serviceAccount":"default","serviceAccountName":"default","terminationGracePeriodSeconds":30,"tolerations":[{"effect":"NoExecute","key":"node.kubernetes.io/not-ready","operator":"Exists","tolerationSeconds":300},{"effect":"NoExecute","key":"node.kubernetes.io/unreachable","operator":"Exists","tolerationSeconds":300}],"volumes":[{"name":"kube-api-access-?????","projected":{"defaultMode":420,"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},{"configMap":{"items":[{"key":"ca.crt","path":"ca.crt"}],"name":"kube-root-ca.crt"}},{"downwardAPI":{"items":[{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"},"path":"namespace"}]}}]}}]},"status":{"phase":"Pending","qosClass":"BestEffort"}}""";

    [Fact]
    public void Pod_AtCreation_IsWhatAnAPIServerStores()
    {
        var pod = Create<V1Pod>(Pod);
        var suffix = pod.Spec.Volumes[0].Name[^5..];

        Assert.Matches("^[bcdfghjklmnpqrstvwxz2456789]{5}$", suffix);
        Assert.Equal(Golden, Json(pod).Replace(suffix, "?????", StringComparison.Ordinal));
    }

    [Fact]
    public void TokenVolume_IsNamedByThePod()
    {
        var other = Parse<V1Pod>(Pod);
        var named = other with { Metadata = other.Metadata with { Name = "web-1" } };

        Assert.Equal(Create<V1Pod>(Pod).Spec.Volumes[0].Name, Create<V1Pod>(Pod).Spec.Volumes[0].Name);
        Assert.NotEqual(Create<V1Pod>(Pod).Spec.Volumes[0].Name, Create(named).Spec.Volumes[0].Name);
    }

    [Fact]
    public void Pod_AlreadyDefaulted_KeepsTheVerySameSpec()
    {
        var pod = Create<V1Pod>(Pod);

        Assert.Same(pod.Spec, PodSpecDefaults.FillPod(pod.Spec));
        Assert.Same(pod.Spec, Update(pod with { Metadata = pod.Metadata with { Labels = null } }, pod).Spec);
        Assert.Equal(Json(pod), Json(Create(pod)));
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(null, false)]
    public void Token_NotWantedByPodOrAccount_IsNotMounted(bool? byPod, bool? byAccount)
    {
        var account = new V1ServiceAccount
        {
            Metadata = new V1ObjectMeta { Name = "default", NamespaceProperty = "default" },
            AutomountServiceAccountToken = byAccount,
        };
        var given = Parse<V1Pod>(Pod);
        var pod = Create(given with { Spec = given.Spec with { AutomountServiceAccountToken = byPod } }, new FixedCluster(account));

        Assert.Null(pod.Spec.Volumes);
        Assert.Null(pod.Spec.Containers[0].VolumeMounts);
    }

    [Fact]
    public void Tolerations_OfAllKeys_NeedNoMore()
    {
        var given = Parse<V1Pod>(Pod);
        var pod = Create(given with { Spec = given.Spec with { Tolerations = [new V1Toleration { OperatorProperty = "Exists" }] } });

        Assert.Single(pod.Spec.Tolerations);
    }

    [Theory]
    [InlineData("nginx", "Always")]
    [InlineData("nginx:latest", "Always")]
    [InlineData("registry:5000/nginx", "Always")]
    [InlineData("registry:5000/nginx:1.2", "IfNotPresent")]
    [InlineData("nginx@sha256:0000", "IfNotPresent")]
    [InlineData("nginx:latest@sha256:0000", "Always")]
    public void PullPolicy_FollowsTheTag(string image, string policy) => Assert.Equal(policy, ContainerDefaults.PullPolicy(image));

    [Theory]
    [InlineData(null, null, "BestEffort")]
    [InlineData("1", null, "Burstable")]
    [InlineData("1", "1", "Guaranteed")]
    [InlineData("1", "2", "Burstable")]
    [InlineData(null, "2", "Guaranteed")]
    public void QosClass_ComparesRequestsWithLimits(string? request, string? limit, string expected)
    {
        static Dictionary<string, ResourceQuantity>? Amounts(string? amount) =>
            amount is null ? null : new() { ["cpu"] = new ResourceQuantity(amount), ["memory"] = new ResourceQuantity(amount) };
        var given = Parse<V1Pod>(Pod);
        var container = given.Spec.Containers[0] with { Resources = new V1ResourceRequirements { Requests = Amounts(request), Limits = Amounts(limit) } };
        var pod = Create(given with { Spec = given.Spec with { Containers = [container] } });

        Assert.Equal(expected, pod.Status.QosClass);
    }

    [Fact]
    public void ProbesVolumesAndEnv_GetTheirDefaults()
    {
        var pod = Create<V1Pod>("""
            metadata: { name: p, namespace: default }
            spec:
              automountServiceAccountToken: false
              volumes:
              - name: a
              - name: b
                configMap: { name: c }
              - name: d
                hostPath: { path: /x }
              containers:
              - name: c
                image: i:1
                env:
                - name: IP
                  valueFrom: { fieldRef: { fieldPath: status.podIP } }
                readinessProbe:
                  httpGet: { port: 80 }
            """);

        Assert.Equal(
            """[{"emptyDir":{},"name":"a"},{"configMap":{"defaultMode":420,"name":"c"},"name":"b"},{"hostPath":{"path":"/x","type":""},"name":"d"}]""",
            Json(pod.Spec.Volumes));
        Assert.Equal(
            """{"failureThreshold":3,"httpGet":{"path":"/","port":80,"scheme":"HTTP"},"periodSeconds":10,"successThreshold":1,"timeoutSeconds":1}""",
            Json(pod.Spec.Containers[0].ReadinessProbe));
        Assert.Equal("v1", pod.Spec.Containers[0].Env[0].ValueFrom.FieldRef.ApiVersion);
    }

    [Fact]
    public void UnknownPriorityClass_IsForbidden()
    {
        var given = Parse<V1Pod>(Pod);
        var refusal = Assert.Throws<ApiException>(() => Create(given with { Spec = given.Spec with { PriorityClassName = "high" } }));

        Assert.Equal("pods \"web-0\" is forbidden: no PriorityClass with name high was found", refusal.Message);
    }
}
