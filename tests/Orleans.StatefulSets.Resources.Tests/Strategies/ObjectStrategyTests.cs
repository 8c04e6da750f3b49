using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Strategies;
using static Orleans.StatefulSets.Resources.Tests.Strategies.Manifests;

namespace Orleans.StatefulSets.Resources.Tests.Strategies;

public sealed class ObjectStrategyTests
{
    public static TheoryData<string> Kinds => [.. ResourceKinds.All.Select(kind => kind.Resource)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Create_AnEmptySpec_NeitherThrowsNorChangesWhatWasGiven_AndIsTheSameTwice(string resource)
    {
        var kind = ResourceKinds.Find(resource)!;
        var model = Activator.CreateInstance(kind.ModelType)!;
        kind.ModelType.GetProperty("Metadata")!.SetValue(model, new V1ObjectMeta { Name = "one", NamespaceProperty = "default" });
        var before = Json(model);
        var strategy = ObjectStrategies.For(kind);

        var once = strategy.PrepareForCreate(model, FixedCluster.Empty, FixedCluster.Now);
        var twice = strategy.PrepareForCreate(once, FixedCluster.Empty, FixedCluster.Now);

        Assert.Equal(before, Json(model));
        Assert.Equal(Json(once), Json(twice));
        strategy.Validate(once, FixedCluster.Empty);
        Assert.Equal(Json(once), Json(strategy.PrepareForUpdate(once, once, "", FixedCluster.Empty, FixedCluster.Now)));
    }

    // "A write to /status ignores spec, and the reverse."
    [Fact]
    public void Update_OfStatus_KeepsTheSpecAndLabels()
    {
        var current = Create<V1StatefulSet>(Web);
        var next = current with
        {
            Metadata = current.Metadata with { Labels = new Dictionary<string, string> { ["a"] = "b" } },
            Spec = current.Spec with { Replicas = 9 },
            Status = new V1StatefulSetStatus { Replicas = 1, ObservedGeneration = 1 },
        };

        var stored = Update(next, current, "status");

        Assert.Equal(2, stored.Spec.Replicas);
        Assert.Null(stored.Metadata.Labels);
        Assert.Equal(1, stored.Status.Replicas);
        Assert.Equal(1, stored.Metadata.Generation);
    }

    // pkg/apis/policy/types.go: the counts have no omitempty, and the Python client refuses a status without them.
    [Fact]
    public void Create_ABudget_ShowsItsCountsBeforeTheyAreCounted()
    {
        var budget = Create<V1PodDisruptionBudget>("""{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"guard","namespace":"default"}}""");

        var status = budget.Status;
        Assert.Equal((0, 0, 0, 0), (status.DisruptionsAllowed, status.CurrentHealthy, status.DesiredHealthy, status.ExpectedPods));
    }

    [Fact]
    public void Update_OfTheObject_KeepsTheStatus()
    {
        var current = Create<V1StatefulSet>(Web) with { Status = new V1StatefulSetStatus { Replicas = 2 } };

        var stored = Update(current with { Status = new V1StatefulSetStatus { Replicas = 7 } }, current);

        Assert.Equal(2, stored.Status.Replicas);
    }

    // "generation starts at 1 and grows by 1 on any spec change."
    [Fact]
    public void Generation_GrowsWithTheSpecAlone()
    {
        var current = Create<V1StatefulSet>(Web);
        var labelled = current with { Metadata = current.Metadata with { Labels = new Dictionary<string, string> { ["a"] = "b" } } };
        var scaled = current with { Spec = current.Spec with { Replicas = 3 } };

        Assert.Equal(1, current.Metadata.Generation);
        Assert.Equal(1, Update(labelled, current).Metadata.Generation);
        Assert.Equal(2, Update(scaled, current).Metadata.Generation);
    }

    // The same manifest applied again leaves out every default.
    [Fact]
    public void Generation_StaysWhenOnlyDefaultsWereLeftOut()
    {
        var current = Create<V1StatefulSet>(Web);

        Assert.Equal(1, Update(Parse<V1StatefulSet>(Web), current).Metadata.Generation);
    }

    [Fact]
    public void Namespace_AtCreation_IsActive_Finalized_AndLabelledWithItsName()
    {
        var stored = Create(new V1Namespace { Metadata = new V1ObjectMeta { Name = "shop" } });

        Assert.Equal("""{"metadata":{"labels":{"kubernetes.io/metadata.name":"shop"},"name":"shop"},"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}""", Json(stored));
        Assert.Empty(Update(stored with { Spec = new V1NamespaceSpec { Finalizers = [] } }, stored, "finalize").Spec.Finalizers);
        Assert.Equal(["kubernetes"], Update(stored with { Spec = new V1NamespaceSpec() }, stored).Spec.Finalizers);
    }

    [Fact]
    public void Secret_TextsBecomeData_AndAnUpdateKeepsTheType()
    {
        var stored = Create(new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = "s" },
            StringData = new Dictionary<string, string> { ["key"] = "value" },
        });

        Assert.Equal("""{"data":{"key":"dmFsdWU="},"metadata":{"name":"s"},"type":"Opaque"}""", Json(stored));
        Assert.Equal("Opaque", Update(stored with { Type = null }, stored).Type);
    }

    [Fact]
    public void Service_AppliedAgainWithoutAddress_KeepsTheAllocatedOne()
    {
        var given = new V1Service
        {
            Metadata = new V1ObjectMeta { Name = "a" },
            Spec = new V1ServiceSpec { Ports = [new V1ServicePort { Port = 80 }] },
        };
        var created = Create(given);
        var current = created with { Spec = created.Spec with { ClusterIP = "10.96.0.7", ClusterIPs = ["10.96.0.7"] } };

        Assert.Null(created.Spec.ClusterIP);
        Assert.Equal(Json(current.Spec), Json(Update(given, current).Spec));
    }

    [Fact]
    public void Volume_ChangingPhase_IsStampedWithTheTime()
    {
        var current = Create(new V1PersistentVolume { Metadata = new V1ObjectMeta { Name = "pv" } });
        var later = FixedCluster.Now.AddMinutes(1);

        var stored = (V1PersistentVolume)Strategy<V1PersistentVolume>().PrepareForUpdate(
            current with { Status = current.Status with { Phase = "Available" } }, current, "status", FixedCluster.Empty, later);

        Assert.Equal(later, stored.Status.LastPhaseTransitionTime);
        Assert.Equal(["kubernetes.io/pv-protection"], stored.Metadata.Finalizers);
    }
}
