using System.Globalization;
using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Strategies;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Tests.Writing;

/// <summary>A cluster of a few objects, a writer with the real strategies, and requests in short.</summary>
internal sealed class Cluster : IClusterView, IIdentitySource
{
    public static readonly DateTime Now = new(2025, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly Dictionary<ObjectKey, StoredObject> objects = [];
    private int uids;

    public Cluster()
    {
        Writer = new ObjectWriter(ObjectStrategies.For, this);
        Store(new V1Namespace { Metadata = new V1ObjectMeta { Name = "default", Uid = "ns" }, Status = new V1NamespaceStatus { Phase = "Active" } }, 1);
        Store(new V1Namespace { Metadata = new V1ObjectMeta { Name = "leaving", Uid = "ns2" }, Status = new V1NamespaceStatus { Phase = "Terminating" } }, 2);
    }

    public ObjectWriter Writer { get; }

    public StoredObject? Find(ObjectKey key) => objects.GetValueOrDefault(key);

    public IEnumerable<StoredObject> List(string resource, string? @namespace) =>
        objects.Values.Where(item => item.Key.Resource == resource && (@namespace is null || item.Key.Namespace == @namespace));

    public string NewUid() => string.Create(CultureInfo.InvariantCulture, $"uid-{++uids}");

    public string NewNameSuffix() => "bcdfg";

    /// <summary>Stores a model as the journal would, at a version.</summary>
    public StoredObject Store(object model, long version)
    {
        var metadata = ((IMetadata<V1ObjectMeta>)model).Metadata;
        var key = ResourceKinds.Of(model.GetType()).Key(metadata.NamespaceProperty ?? "", metadata.Name);
        return objects[key] = new StoredObject(key, metadata.Uid, version, ObjectJson.Encode(model));
    }

    /// <summary>Decides a write of what is stored under the key.</summary>
    public WriteDecision Write(
        ObjectKey key, WriteVerb verb, string body = "", string subresource = "", PatchKind patch = PatchKind.None, V1DeleteOptions? options = null,
        FieldValidation validation = FieldValidation.Strict, string manager = "kubectl") =>
        Writer.Decide(new WriteRequest
        {
            Key = key,
            Verb = verb,
            Body = Encoding.UTF8.GetBytes(body),
            Subresource = subresource,
            Patch = patch,
            DeleteOptions = options,
            FieldValidation = validation,
            FieldManager = manager,
        }, Find(key), this, Now);

    /// <summary>A created object, stored at version 10.</summary>
    public StoredObject Create(ObjectKey key, string body) => Store(Write(key, WriteVerb.Create, body).Model, 10);
}
