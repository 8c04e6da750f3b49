using System.Globalization;
using k8s;
using k8s.Models;
using Orleans.StatefulSets.Resources.Columns;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Tests.Strategies;

namespace Orleans.StatefulSets.Resources.Tests.Columns;

public sealed class TableLayoutsTests
{
    private static readonly Dictionary<Type, (string Header, string Yaml, string Row)> Cases = new()
    {
        [typeof(V1StatefulSet)] = (
            "Name|Ready|Age|[Containers]|[Images]",
            "spec: { replicas: 3, template: { spec: { containers: [ { name: a, image: i }, { name: b, image: j } ] } } }\nstatus: { replicas: 3, readyReplicas: 2 }",
            "one|2/3|2m|a,b|i,j"),
        [typeof(V1ControllerRevision)] = (
            "Name|Controller|Revision|Age",
            "revision: 4",
            "one|<none>|4|2m"),
        [typeof(V1PersistentVolumeClaim)] = (
            "Name|Status|Volume|Capacity|Access Modes|StorageClass|VolumeAttributesClass|Age|[VolumeMode]",
            "spec: { volumeName: pv-1, storageClassName: standard, volumeMode: Filesystem }\nstatus: { phase: Bound, capacity: { storage: 1Gi }, accessModes: [ ReadWriteMany, ReadWriteOnce ] }",
            "one|Bound|pv-1|1Gi|RWO,RWX|standard|<unset>|2m|Filesystem"),
        [typeof(V1PersistentVolume)] = (
            "Name|Capacity|Access Modes|Reclaim Policy|Status|Claim|StorageClass|VolumeAttributesClass|Reason|Age|[VolumeMode]",
            "spec: { capacity: { storage: 1Gi }, accessModes: [ ReadWriteOnce ], persistentVolumeReclaimPolicy: Delete, claimRef: { namespace: default, name: www-web-0 }, storageClassName: standard, volumeMode: Filesystem }\nstatus: { phase: Bound }",
            "one|1Gi|RWO|Delete|Bound|default/www-web-0|standard|<unset>||2m|Filesystem"),
        [typeof(V1PodDisruptionBudget)] = (
            "Name|Min Available|Max Unavailable|Allowed Disruptions|Age",
            "spec: { minAvailable: 50%, selector: { matchLabels: { app: web } } }\nstatus: { disruptionsAllowed: 1 }",
            "one|50%|N/A|1|2m"),
        [typeof(V1PriorityClass)] = (
            "Name|Value|Global-Default|Age|PreemptionPolicy",
            "value: 1000\nglobalDefault: true\npreemptionPolicy: Never",
            "one|1000|True|2m|Never"),
        [typeof(V1Lease)] = (
            "Name|Holder|Age",
            "spec: { holderIdentity: node-1 }",
            "one|node-1|2m"),
        [typeof(V1PodTemplate)] = (
            "Name|Containers|Images|Pod Labels",
            "template: { metadata: { labels: { b: '2', a: '1' } }, spec: { containers: [ { name: c, image: i } ] } }",
            "one|c|i|a=1,b=2"),
        [typeof(V1LimitRange)] = (
            "Name|Created At",
            "spec: { limits: [ ] }",
            "one|2025-01-02T03:02:05Z"),
        [typeof(V1ResourceQuota)] = (
            "Name|Request|Limit|Age",
            "status: { hard: { pods: 10, requests.cpu: 1, limits.cpu: 2 }, used: { pods: 2, requests.cpu: 200m, limits.cpu: 0 } }",
            "one|pods: 2/10, requests.cpu: 200m/1|limits.cpu: 0/2|2m"),
        [typeof(V1StorageClass)] = (
            "Name|Provisioner|ReclaimPolicy|VolumeBindingMode|AllowVolumeExpansion|Age",
            "provisioner: p\nreclaimPolicy: Retain\nvolumeBindingMode: WaitForFirstConsumer",
            "one|p|Retain|WaitForFirstConsumer|False|2m"),
        [typeof(V1Service)] = (
            "Name|Type|Cluster-IP|External-IP|Port(s)|Age|[Selector]",
            "spec: { type: NodePort, clusterIP: 10.96.0.1, clusterIPs: [ 10.96.0.1 ], ports: [ { port: 80, protocol: TCP, nodePort: 30080 }, { port: 53, protocol: UDP } ], selector: { b: '2', a: '1' } }",
            "one|NodePort|10.96.0.1|<none>|80:30080/TCP,53/UDP|2m|a=1,b=2"),
        [typeof(V1Endpoints)] = (
            "Name|Endpoints|Age",
            "subsets: [ { addresses: [ { ip: 10.0.0.1 }, { ip: 10.0.0.2 }, { ip: 10.0.0.3 }, { ip: 10.0.0.4 }, { ip: 10.0.0.5 } ], ports: [ { port: 80 } ] } ]",
            "one|10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 2 more...|2m"),
        [typeof(V1EndpointSlice)] = (
            "Name|AddressType|Ports|Endpoints|Age",
            "addressType: IPv4\nports: [ { port: 80 } ]\nendpoints: [ ]",
            "one|IPv4|80|<unset>|2m"),
        [typeof(V1Node)] = (
            "Name|Status|Roles|Age|Version|[Internal-IP]|[External-IP]|[OS-Image]|[Kernel-Version]|[Container-Runtime]",
            "spec: { unschedulable: true }\nstatus: { conditions: [ { type: Ready, status: 'True' } ], addresses: [ { type: InternalIP, address: 10.1.0.1 } ], nodeInfo: { kubeletVersion: v1.33.0, osImage: Linux } }",
            "one|Ready,SchedulingDisabled|<none>|2m|v1.33.0|10.1.0.1|<none>|Linux|<unknown>|<unknown>"),
        [typeof(Corev1Event)] = (
            "Last Seen|Type|Reason|Object|[Subobject]|[Source]|Message|[First Seen]|[Count]|[Name]",
            "type: Normal\nreason: Started\nmessage: ' Started container '\nlastTimestamp: 2025-01-02T03:03:05Z\nfirstTimestamp: 2025-01-02T03:01:05Z\ncount: 2\ninvolvedObject: { kind: Pod, name: web-0 }\nsource: { component: kubelet, host: node-1 }",
            "60s|Normal|Started|pod/web-0||kubelet, node-1|Started container|3m|2|one"),
        [typeof(V1Namespace)] = ("Name|Status|Age", "status: { phase: Active }", "one|Active|2m"),
        [typeof(V1Secret)] = ("Name|Type|Data|Age", "type: Opaque\ndata: { a: YQ== }", "one|Opaque|1|2m"),
        [typeof(V1ConfigMap)] = ("Name|Data|Age", "data: { a: b, c: d }", "one|2|2m"),
        [typeof(V1alpha1Fault)] = (
            "Name|Action|Injections|Phase|Age|[Nodes]|[Started]|[Ends]",
            "spec: { action: NodeCrash }\nstatus: { phase: Active, injections: 2, startedAt: 2025-01-02T03:03:05Z, nodes: [ { name: node-1 }, { name: node-2 } ] }",
            "one|NodeCrash|2|Active|2m|node-1,node-2|2025-01-02T03:03:05Z|<none>"),
        [typeof(V1ServiceAccount)] = ("Name|Secrets|Age", "", "one|0|2m"),
    };

    public static TheoryData<string> Kinds => [.. ResourceKinds.All.Where(kind => kind != ResourceKinds.Pods).Select(kind => kind.Resource)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Layout_OfEachKind_PrintsUpstreamsColumns(string resource)
    {
        var kind = ResourceKinds.Find(resource)!;
        var (header, yaml, row) = Cases[kind.ModelType];
        var layout = TableLayouts.For(kind);
        var model = Read(kind, yaml);

        Assert.Equal(header, string.Join('|', layout.Columns.Select(column => column.Priority == 0 ? column.Name : $"[{column.Name}]")));
        Assert.Equal(row, string.Join('|', layout.Cells(model, FixedCluster.Now).Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture))));
        Assert.All(layout.Cells(model, FixedCluster.Now), cell => Assert.True(cell is string or int or long or bool));
    }

    // "CONTROLLER statefulset.apps/web"
    [Fact]
    public void Revision_OfASet_NamesItWithItsGroup()
    {
        var revision = new V1ControllerRevision
        {
            Metadata = new V1ObjectMeta
            {
                Name = "web-b46f789c4",
                OwnerReferences = [new V1OwnerReference { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = "web", Uid = "u", Controller = true }],
            },
            Revision = 1,
        };

        Assert.Equal(
            ["web-b46f789c4", "statefulset.apps/web", 1L, "<unknown>"],
            TableLayouts.For(ResourceKinds.ControllerRevisions).Cells(revision, FixedCluster.Now));
    }

    [Fact]
    public void StorageClass_ThatIsTheDefault_SaysSo()
    {
        var model = new V1StorageClass
        {
            Metadata = new V1ObjectMeta
            {
                Name = "standard",
                Annotations = new Dictionary<string, string> { ["storageclass.kubernetes.io/is-default-class"] = "true" },
            },
        };

        Assert.Equal("standard (default)", TableLayouts.For(ResourceKinds.StorageClasses).Cells(model, FixedCluster.Now)[0]);
    }

    private static object Read(ResourceKind kind, string yaml)
    {
        var text = "metadata: { name: one, creationTimestamp: 2025-01-02T03:02:05Z }\n" + yaml;
        return typeof(KubernetesYaml).GetMethods()
            .First(method => method.Name == nameof(KubernetesYaml.Deserialize) && method.GetParameters()[0].ParameterType == typeof(string) && method.IsGenericMethodDefinition)
            .MakeGenericMethod(kind.ModelType)
            .Invoke(null, [text, false])!;
    }
}
