using k8s;
using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Tests.Strategies;

/// <summary>A cluster that holds what a test puts into it.</summary>
internal sealed class FixedCluster(params IKubernetesObject<V1ObjectMeta>[] objects) : IClusterView
{
    public static readonly DateTime Now = new(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public static readonly FixedCluster Empty = new();

    private readonly List<StoredObject> stored = [.. objects.Select(Store)];

    public StoredObject? Find(ObjectKey key) => stored.Find(one => one.Key == key);

    public IEnumerable<StoredObject> List(string resource, string? @namespace) =>
        stored.Where(one => one.Key.Resource == resource && (@namespace is null || one.Key.Namespace == @namespace));

    private static StoredObject Store(IKubernetesObject<V1ObjectMeta> model)
    {
        var key = ResourceKinds.Of(model.GetType()).Key(model.Metadata.NamespaceProperty ?? "", model.Metadata.Name);
        return new StoredObject(key, "uid", 1, ObjectJson.Encode(model));
    }
}
