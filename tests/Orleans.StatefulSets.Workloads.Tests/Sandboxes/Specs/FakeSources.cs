using k8s.Models;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes.Specs;

/// <summary>A namespace in hand.</summary>
internal sealed class FakeSources : IPodSources
{
    public Dictionary<string, V1ConfigMap> ConfigMaps { get; } = [];

    public Dictionary<string, V1Secret> Secrets { get; } = [];

    public List<V1Service> All { get; } = [];

    public V1Node? Machine { get; set; }

    public V1ConfigMap? ConfigMap(string name) => ConfigMaps.GetValueOrDefault(name);

    public V1Secret? Secret(string name) => Secrets.GetValueOrDefault(name);

    public IEnumerable<V1Service> Services() => All;

    public V1Node? Node() => Machine;

    public FakeSources Map(string name, params (string Key, string Value)[] data)
    {
        ConfigMaps[name] = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name }, Data = data.ToDictionary(pair => pair.Key, pair => pair.Value) };
        return this;
    }

    public FakeSources Service(string name, string address, params (string? Name, int Port, string Protocol)[] ports)
    {
        All.Add(new V1Service
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
            Spec = new V1ServiceSpec
            {
                ClusterIP = address,
                Ports = [.. ports.Select(port => new V1ServicePort { Name = port.Name, Port = port.Port, Protocol = port.Protocol })],
            },
        });
        return this;
    }

    public static V1Pod Pod(V1Container container) => new()
    {
        Metadata = new V1ObjectMeta { Name = "web-0", NamespaceProperty = "default", Uid = "uid-1" },
        Spec = new V1PodSpec { NodeName = "node-1", ServiceAccountName = "default", Containers = [container] },
        Status = new V1PodStatus
        {
            HostIP = "192.168.49.2",
            HostIPs = [new V1HostIP { Ip = "192.168.49.2" }],
            PodIP = "10.244.0.2",
            PodIPs = [new V1PodIP { Ip = "10.244.0.2" }],
        },
    };
}
