using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>What admission may look up of the rest of the cluster: namespaces, storage classes, service accounts. Reads only, never awaits.</summary>
public interface IClusterView
{
    /// <summary>The object of that key as this process knows it, or null.</summary>
    StoredObject? Find(ObjectKey key);

    /// <summary>Every object of a resource (<c>storageclasses.storage.k8s.io</c>), in a namespace or (null) in all.</summary>
    IEnumerable<StoredObject> List(string resource, string? @namespace);
}
