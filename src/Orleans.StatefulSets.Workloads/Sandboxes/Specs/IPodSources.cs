using k8s.Models;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>What a pod's containers are told of their namespace. Read anew for each container that starts.</summary>
public interface IPodSources
{
    /// <summary>A ConfigMap of the pod's namespace, or null.</summary>
    V1ConfigMap? ConfigMap(string name);

    /// <summary>A Secret of the pod's namespace, or null.</summary>
    V1Secret? Secret(string name);

    /// <summary>The Services of the pod's namespace, and the API's own.</summary>
    IEnumerable<V1Service> Services();

    /// <summary>The pod's node, or null.</summary>
    V1Node? Node();
}

/// <summary>A container or volume can't be made as its pod says. The message is a kubelet's.</summary>
public sealed class PodConfigurationException(string message) : Exception(message);
