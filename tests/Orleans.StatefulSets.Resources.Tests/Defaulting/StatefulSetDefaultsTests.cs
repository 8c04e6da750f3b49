using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using static Orleans.StatefulSets.Resources.Tests.Strategies.Manifests;

namespace Orleans.StatefulSets.Resources.Tests.Defaulting;

public sealed class StatefulSetDefaultsTests
{
    // Seen on a real control plane: the template that web.yaml's first revision is made of, but for "$patch" and the null creationTimestamp.
    [Fact]
    public void Template_OfTheTutorial_IsTheOneThatARealControlPlaneStores()
    {
        const string real = """{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"image":"k8s.gcr.io/nginx-slim:0.8","imagePullPolicy":"IfNotPresent","name":"nginx","ports":[{"containerPort":80,"name":"web","protocol":"TCP"}],"resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","volumeMounts":[{"mountPath":"/usr/share/nginx/html","name":"www"}]}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},"terminationGracePeriodSeconds":30}}""";

        Assert.Equal(real, Json(Create<V1StatefulSet>(Web).Spec.Template));
    }

    [Fact]
    public void Spec_OfTheTutorial_HasEveryDefaultAroundTheTemplate()
    {
        var spec = Create<V1StatefulSet>(Web).Spec with { Template = null };

        Assert.Equal(
            """{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain","whenScaled":"Retain"},"podManagementPolicy":"OrderedReady","replicas":2,"revisionHistoryLimit":10,"selector":{"matchLabels":{"app":"nginx"}},"serviceName":"nginx","updateStrategy":{"rollingUpdate":{"partition":0},"type":"RollingUpdate"},"volumeClaimTemplates":[{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"www"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"volumeMode":"Filesystem"},"status":{"phase":"Pending"}}]}""",
            Json(spec));
    }

    // "Type given but `rollingUpdate` left out → it stays nil."
    [Theory]
    [InlineData("RollingUpdate")]
    [InlineData("OnDelete")]
    public void Strategy_OfATypeAlone_GetsNoRollingUpdate(string type)
    {
        var filled = StatefulSetDefaults.Fill(new V1StatefulSetSpec { UpdateStrategy = new V1StatefulSetUpdateStrategy { Type = type } });

        Assert.Null(filled.UpdateStrategy.RollingUpdate);
    }

    [Fact]
    public void Strategy_WithRollingUpdateButNoType_KeepsItsPartition()
    {
        var given = new V1StatefulSetUpdateStrategy { RollingUpdate = new V1RollingUpdateStatefulSetStrategy { Partition = 3 } };
        var filled = StatefulSetDefaults.Fill(new V1StatefulSetSpec { UpdateStrategy = given });

        Assert.Equal("RollingUpdate", filled.UpdateStrategy.Type);
        Assert.Equal(3, filled.UpdateStrategy.RollingUpdate.Partition);
        Assert.Equal(1, filled.Replicas);
    }

    [Fact]
    public void Spec_AlreadyDefaulted_IsTheVerySameInstance()
    {
        var spec = Create<V1StatefulSet>(Web).Spec;

        Assert.Same(spec, StatefulSetDefaults.Fill(spec));
    }
}
