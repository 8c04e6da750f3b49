using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <summary>What a pod's containers are told of their namespace, from this silo's copy.</summary>
internal sealed class PodView(ReplicaSet replicas, V1Pod pod, V1Node? node) : IPodSources
{
    private string Space => pod.Metadata.NamespaceProperty;

    /// <inheritdoc/>
    public V1ConfigMap? ConfigMap(string name) => replicas.Find(ResourceKinds.ConfigMaps.Key(Space, name))?.As<V1ConfigMap>();

    /// <inheritdoc/>
    public V1Secret? Secret(string name) => replicas.Find(ResourceKinds.Secrets.Key(Space, name))?.As<V1Secret>();

    /// <inheritdoc/>
    public IEnumerable<V1Service> Services()
    {
        var own = replicas.List(ResourceKinds.Services.Resource, Space).Select(item => item.As<V1Service>());
        return Space == "default" || replicas.Find(ResourceKinds.Services.Key("default", "kubernetes"))?.As<V1Service>() is not { } api ? own : own.Append(api);
    }

    /// <inheritdoc/>
    public V1Node? Node() => node;
}
