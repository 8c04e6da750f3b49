using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>Owner references: adoption and release of what a set controls (upstream <c>controller_ref_manager.go</c>).</summary>
public static class Ownership
{
    /// <summary>A controller reference to the set, with blockOwnerDeletion.</summary>
    public static V1OwnerReference To(V1StatefulSet set) => new()
    {
        ApiVersion = "apps/v1",
        Kind = "StatefulSet",
        Name = set.Metadata.Name,
        Uid = set.Metadata.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };

    /// <summary>The metadata with the set as controller. A reference of the same uid is replaced.</summary>
    public static V1ObjectMeta Adopt(V1StatefulSet set, V1ObjectMeta metadata) =>
        metadata with { OwnerReferences = [.. Others(set, metadata), To(set)] };

    /// <summary>The metadata without any reference to the set.</summary>
    public static V1ObjectMeta Release(V1StatefulSet set, V1ObjectMeta metadata)
    {
        var others = Others(set, metadata).ToList();
        return metadata with { OwnerReferences = others.Count == 0 ? null : others };
    }

    /// <summary>The reference that says controller, or null.</summary>
    public static V1OwnerReference? ControllerOf(V1ObjectMeta metadata) =>
        metadata.OwnerReferences?.FirstOrDefault(reference => reference.Controller == true);

    private static IEnumerable<V1OwnerReference> Others(V1StatefulSet set, V1ObjectMeta metadata) =>
        (metadata.OwnerReferences ?? []).Where(reference => reference.Uid != set.Metadata.Uid);
}
