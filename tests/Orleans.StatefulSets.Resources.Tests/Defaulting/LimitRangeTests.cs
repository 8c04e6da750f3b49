using k8s;
using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Strategies;
using Orleans.StatefulSets.Resources.Tests.Strategies;

namespace Orleans.StatefulSets.Resources.Tests.Defaulting;

/// <summary>The sentences are those of "Limit Ranges".</summary>
public sealed class LimitRangeTests
{
    // "The LimitRange admission controller applies default request and limit values for all Pods (and their containers) that do not set
    // compute resource requirements."
    [Fact]
    public void Containers_get_the_defaults_that_they_left_out_and_the_pod_says_so()
    {
        var pod = Create("{ type: Container, default: { cpu: 500m, memory: 1Gi }, defaultRequest: { cpu: 100m, memory: 512Mi } }", "{ name: a, resources: { requests: { cpu: 200m } } }");

        var resources = Assert.Single(pod.Spec.Containers).Resources;
        Assert.Equal(("200m", "512Mi"), (resources.Requests["cpu"].ToString(), resources.Requests["memory"].ToString()));
        Assert.Equal(("500m", "1Gi"), (resources.Limits["cpu"].ToString(), resources.Limits["memory"].ToString()));
        Assert.Equal(
            "LimitRanger plugin set: memory request for container a; cpu, memory limit for container a", pod.Metadata.Annotations["kubernetes.io/limit-ranger"]);
        Assert.Equal("Burstable", pod.Status.QosClass);
    }

    // "If a container … specifies no limit, the maximum is its limit; no request: the limit; neither: the minimum" (SetDefaults_LimitRangeItem).
    [Theory]
    [InlineData("{ type: Container, max: { cpu: 2 } }", "2", "2")]
    [InlineData("{ type: Container, max: { cpu: 2 }, default: { cpu: 1 } }", "1", "1")]
    [InlineData("{ type: Container, min: { cpu: 1 } }", null, "1")]
    public void Bounds_are_defaults_too(string item, string? limit, string request)
    {
        var stored = Assert.Single(Stored(item).Spec.Limits);

        Assert.Equal((limit, request), (stored.DefaultProperty?["cpu"].ToString(), stored.DefaultRequest?["cpu"].ToString()));
    }

    // "If you attempt to create or update an object … that violates a LimitRange constraint, your request to the API server will fail with
    // an HTTP status code 403 Forbidden and a message that explains the constraint that has been violated."
    [Theory]
    [InlineData("{ type: Container, min: { cpu: 200m } }", "requests: { cpu: 100m }, limits: { cpu: 1 }", "minimum cpu usage per Container is 200m, but request is 100m")]
    [InlineData("{ type: Container, max: { memory: 1Gi } }", "limits: { memory: 2Gi }", "maximum memory usage per Container is 1Gi, but limit is 2Gi")]
    [InlineData("{ type: Container, maxLimitRequestRatio: { cpu: 2 } }", "requests: { cpu: 100m }, limits: { cpu: 500m }", "cpu max limit to request ratio per Container is 2, but provided ratio is 5.000000")]
    [InlineData("{ type: Container, maxLimitRequestRatio: { cpu: 2 } }", "limits: { }", "cpu max limit to request ratio per Container is 2, but no request is specified or request is 0")]
    [InlineData("{ type: Pod, min: { memory: 1Gi } }", "requests: { cpu: 1 }", "minimum memory usage per Pod is 1Gi.  No request is specified")]
    [InlineData("{ type: Pod, max: { cpu: 1 } }", "requests: { cpu: 1 }", "maximum cpu usage per Pod is 1.  No limit is specified")]
    [InlineData("{ type: Pod, max: { cpu: 1, memory: 1Gi } }", "limits: { cpu: 2, memory: 2Gi }", "[maximum cpu usage per Pod is 1, but limit is 2, maximum memory usage per Pod is 1Gi, but limit is 2Gi]")]
    public void A_pod_that_breaks_a_range_is_refused(string item, string resources, string why)
    {
        var refusal = Assert.Throws<ApiException>(() => Create(item, $"{{ name: a, resources: {{ {resources} }} }}"));

        Assert.Equal((403, $"pods \"web\" is forbidden: {why}"), (refusal.Code, refusal.Message));
    }

    // "Enforce minimum and maximum storage request per PersistentVolumeClaim in a namespace."
    [Theory]
    [InlineData("{ min: { storage: 2Gi } }", "minimum storage usage per PersistentVolumeClaim is 2Gi, but request is 1Gi")]
    [InlineData("{ max: { storage: 512Mi } }", "maximum storage usage per PersistentVolumeClaim is 512Mi, but request is 1Gi")]
    public void A_claim_that_breaks_a_range_is_refused(string bounds, string why)
    {
        var claim = KubernetesYaml.Deserialize<V1PersistentVolumeClaim>(
            "metadata: { name: data, namespace: default }\nspec: { accessModes: [ ReadWriteOnce ], resources: { requests: { storage: 1Gi } } }");
        var cluster = new FixedCluster(Stored($"{{ type: PersistentVolumeClaim, {bounds.Trim('{', '}')} }}"));

        var refusal = Assert.Throws<ApiException>(() => ObjectStrategies.For(ResourceKinds.PersistentVolumeClaims).PrepareForCreate(claim, cluster, FixedCluster.Now));

        Assert.Equal($"persistentvolumeclaims \"data\" is forbidden: {why}", refusal.Message);
    }

    [Theory]
    [InlineData("{ type: Pod, default: { cpu: 1 } }", "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'")]
    [InlineData("{ type: Container, min: { cpu: 2 }, max: { cpu: 1 }, default: { cpu: 2 }, defaultRequest: { cpu: 2 } }", "min value 2 is greater than max value 1")]
    [InlineData("{ type: PersistentVolumeClaim }", "spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided")]
    public void A_range_must_make_sense(string item, string complaint)
    {
        var errors = ObjectStrategies.For(ResourceKinds.LimitRanges).Validate(Stored(item), FixedCluster.Empty);

        Assert.Contains(complaint, string.Join('\n', errors), StringComparison.Ordinal);
    }

    private static V1LimitRange Stored(string item) => (V1LimitRange)ObjectStrategies.For(ResourceKinds.LimitRanges).PrepareForCreate(
        KubernetesYaml.Deserialize<V1LimitRange>($"metadata: {{ name: range, namespace: default }}\nspec: {{ limits: [ {item} ] }}"), FixedCluster.Empty, FixedCluster.Now);

    private static V1Pod Create(string item, string container) => (V1Pod)ObjectStrategies.For(ResourceKinds.Pods).PrepareForCreate(
        KubernetesYaml.Deserialize<V1Pod>($"metadata: {{ name: web, namespace: default }}\nspec: {{ containers: [ {container} ] }}"),
        new FixedCluster(Stored(item)),
        FixedCluster.Now);
}
