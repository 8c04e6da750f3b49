using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Objects;

/// <summary>Small objects, revisions and commits for tests.</summary>
internal static class Samples
{
    public static ObjectKey ConfigMapKey(string name, string space = "default") => ResourceKinds.ConfigMaps.Key(space, name);

    public static StoredObject ConfigMap(string name, long version, string value = "x", string space = "default") => Stored(
        ConfigMapModel(name, value, space, $"uid-{name}"), version);

    public static V1ConfigMap ConfigMapModel(string name, string value = "x", string space = "default", string? uid = null) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = space, Uid = uid },
        Data = new Dictionary<string, string> { ["value"] = value },
    };

    public static V1Pod Pod(string name, string? node = null, string uid = "", string phase = "Pending", bool ready = false) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Uid = uid.Length > 0 ? uid : $"uid-{name}" },
        Spec = new V1PodSpec { NodeName = node, Containers = [new V1Container { Name = "c", Image = "nginx" }] },
        Status = new V1PodStatus { Phase = phase, Conditions = [new V1PodCondition { Type = "Ready", Status = ready ? "True" : "False" }] },
    };

    public static StoredObject Stored(IMetadata<V1ObjectMeta> model, long version)
    {
        var key = ResourceKinds.Of(model.GetType()).Key(model.Metadata.NamespaceProperty ?? "", model.Metadata.Name);
        return new StoredObject(key, model.Metadata.Uid, version, ObjectJson.Encode(model));
    }

    public static PublishedRevision Put(string name, long version, string value = "x", string space = "default") => new(ConfigMap(name, version, value, space), false);

    public static PublishedRevision Gone(string name, long version, string space = "default") => new(ConfigMap(name, version, "x", space), true);

    public static JournalSlice Slice(long head, params PublishedRevision[] revisions) => new() { Epoch = 1, Head = head, Revisions = revisions };

    public static CommitEntry Entry(string name, long expected, int commit, bool deleted = false, string? value = null) => new()
    {
        Key = ConfigMapKey(name),
        ExpectedRevision = expected,
        Deleted = deleted,
        Uid = $"uid-{name}",
        Payload = Encoding.UTF8.GetBytes($"{{\"data\":{{\"value\":\"{value ?? $"{commit}"}\"}},\"metadata\":{{\"name\":\"{name}\",\"namespace\":\"default\"}}}}"),
        CommitId = CommitId(commit),
    };

    public static Guid CommitId(int number) => new(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
