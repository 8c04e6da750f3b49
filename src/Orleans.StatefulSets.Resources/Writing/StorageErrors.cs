using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>Refusals that come from apiserver's storage layer, in its words.</summary>
internal static class StorageErrors
{
    /// <summary>The object of that name has another uid than the request means.</summary>
    public static ApiException OtherUid(ResourceKind kind, ObjectKey key, string expected, string found) => ApiErrors.Conflict(
        kind,
        key.Name,
        $"StorageError: invalid object, Code: 4, Key: {PathOf(kind, key)}, ResourceVersion: 0, AdditionalErrorMsg: "
        + $"Precondition failed: UID in precondition: {expected}, UID in object meta: {found}");

    // Where the kind lives in etcd; three kept the names of old.
    private static string PathOf(ResourceKind kind, ObjectKey key)
    {
        var prefix = kind.Resource switch
        {
            "services" => "services/specs",
            "endpoints" => "services/endpoints",
            "nodes" => "minions",
            "storageclasses.storage.k8s.io" => "storageclasses",
            _ => kind.Plural,
        };
        return key.Namespace.Length == 0 ? $"/registry/{prefix}/{key.Name}" : $"/registry/{prefix}/{key.Namespace}/{key.Name}";
    }
}
