using k8s.Models;
using static Orleans.StatefulSets.Resources.Tests.Strategies.Manifests;

namespace Orleans.StatefulSets.Resources.Tests.Validation;

public sealed class OtherRulesTests
{
    [Fact]
    public void Labels_OfBadKeysAndValues_AreRefused()
    {
        var map = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", Labels = new Dictionary<string, string> { ["-k"] = "v!" } } };

        Assert.Equal(
            [
                "metadata.labels: Invalid value: \"-k\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
                "metadata.labels: Invalid value: \"v!\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
            ],
            Complaints(map));
    }

    [Fact]
    public void Annotations_OverAQuarterMebibyte_AreTooLong()
    {
        var map = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", Annotations = new Dictionary<string, string> { ["k"] = new('x', 262144) } } };

        Assert.Equal(["metadata.annotations: Too long: may not be more than 262144 bytes"], Complaints(map));
    }

    [Fact]
    public void Finalizers_AddedWhileBeingDeleted_AreForbidden()
    {
        var current = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", DeletionTimestamp = DateTime.UnixEpoch, Finalizers = ["x.io/a"] } };
        var next = current with { Metadata = current.Metadata with { Finalizers = ["x.io/a", "x.io/b"] } };

        Assert.Equal(
            ["metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{\"x.io/b\"}"],
            UpdateComplaints(next, current));
    }

    [Fact]
    public void ConfigMap_OverAMebibyte_OrOfBadKey_IsRefused()
    {
        var map = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a" }, Data = new Dictionary<string, string> { ["a b"] = new('x', (1024 * 1024) + 1) } };

        Assert.Equal(
            [
                "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
                ": Too long: may not be more than 1048576 bytes",
            ],
            Complaints(map));
    }

    [Fact]
    public void ConfigMap_ThatIsImmutable_StaysAsItIs()
    {
        var map = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a" }, Immutable = true };

        Assert.Equal(
            ["data: Forbidden: field is immutable when `immutable` is set"],
            UpdateComplaints(map with { Data = new Dictionary<string, string> { ["a"] = "b" } }, map));
    }

    [Fact]
    public void Service_OfSeveralPorts_NeedsNames_AndOtherwisePorts()
    {
        var two = Create(new V1Service
        {
            Metadata = new V1ObjectMeta { Name = "a" },
            Spec = new V1ServiceSpec { Ports = [new V1ServicePort { Port = 80, Name = "x" }, new V1ServicePort { Port = 81 }] },
        });
        var none = Create(new V1Service { Metadata = new V1ObjectMeta { Name = "9a" }, Spec = new V1ServiceSpec() });

        Assert.Equal(["spec.ports[1].name: Required value"], Complaints(two));
        Assert.Equal(
            [
                "metadata.name: Invalid value: \"9a\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
                "spec.ports: Required value",
            ],
            Complaints(none));
    }

    [Fact]
    public void Service_ChangingItsAddress_IsRefused()
    {
        var service = Create(new V1Service { Metadata = new V1ObjectMeta { Name = "a" }, Spec = new V1ServiceSpec { ClusterIP = "None" } });
        var moved = service with { Spec = service.Spec with { ClusterIP = "10.0.0.1", ClusterIPs = ["10.0.0.1"], Ports = [new V1ServicePort { Port = 1, Protocol = "TCP", TargetPort = 1 }] } };

        Assert.Equal(["spec.clusterIPs[0]: Invalid value: []string{\"10.0.0.1\"}: may not change once set"], UpdateComplaints(moved, service));
    }

    [Fact]
    public void Claim_MayGrowOnceBound_ButNothingElse()
    {
        var claim = Claim("1Gi", "Bound");

        Assert.Empty(UpdateComplaints(Claim("2Gi", "Bound"), claim));
        Assert.Equal(["spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"], UpdateComplaints(Claim("500Mi", "Bound"), claim));
        Assert.Equal(
            ["spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"],
            UpdateComplaints(Claim("2Gi", "Pending"), Claim("1Gi", "Pending")));
    }

    [Fact]
    public void Claim_MayBeGivenItsVolume()
    {
        var claim = Claim("1Gi", "Pending");

        Assert.Empty(UpdateComplaints(claim with { Spec = claim.Spec with { VolumeName = "pv-1" } }, claim));
    }

    [Fact]
    public void Claim_WithoutModesOrRequest_IsRefused() => Assert.Equal(
        ["spec.accessModes: Required value: at least 1 access mode is required", "spec.resources[storage]: Required value"],
        Complaints(Create(new V1PersistentVolumeClaim { Metadata = new V1ObjectMeta { Name = "a" } })));

    [Fact]
    public void StorageClass_Parameters_MayNotChange()
    {
        var model = Create(new V1StorageClass { Metadata = new V1ObjectMeta { Name = "a" }, Provisioner = "p" });

        Assert.Equal(
            ["parameters: Forbidden: updates to parameters are forbidden."],
            UpdateComplaints(model with { Parameters = new Dictionary<string, string> { ["a"] = "b" } }, model));
    }

    [Fact]
    public void ControllerRevision_NeedsData() => Assert.Equal(
        ["data: Required value: data is mandatory"],
        Complaints(Create(new V1ControllerRevision { Metadata = new V1ObjectMeta { Name = "a" } })));

    [Fact]
    public void Event_OfAnotherNamespace_IsRefused() => Assert.Equal(
        ["involvedObject.namespace: Invalid value: \"b\": does not match event.namespace"],
        Complaints(new Corev1Event
        {
            Metadata = new V1ObjectMeta { Name = "e", NamespaceProperty = "a" },
            InvolvedObject = new V1ObjectReference { NamespaceProperty = "b" },
        }));

    private static V1PersistentVolumeClaim Claim(string size, string phase) => Create(new V1PersistentVolumeClaim
    {
        Metadata = new V1ObjectMeta { Name = "www" },
        Spec = new V1PersistentVolumeClaimSpec
        {
            AccessModes = ["ReadWriteOnce"],
            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) } },
        },
    }) with
    {
        Status = new V1PersistentVolumeClaimStatus { Phase = phase },
    };
}
