using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>
/// The finalizers that hand an object to the garbage collector (apiserver's <c>store.go</c>, deletionFinalizersForGarbageCollection).
/// </summary>
internal static class GarbageFinalizers
{
    public const string Orphan = "orphan";
    public const string Foreground = "foregroundDeletion";

    /// <summary>The finalizers as a delete leaves them; the same list where nothing changes.</summary>
    public static IList<string> Apply(ResourceKind kind, IList<string> finalizers, V1DeleteOptions options)
    {
        var wanted = finalizers.Where(finalizer => finalizer is not (Orphan or Foreground)).ToList();
        if (kind != ResourceKinds.Events)
        {
            if (OrphansDependents(finalizers, options))
            {
                wanted.Add(Orphan);
            }

            if (DeletesDependentsFirst(finalizers, options))
            {
                wanted.Add(Foreground);
            }
        }

        return wanted.ToHashSet().SetEquals(finalizers) ? finalizers : wanted;
    }

    // What the client says counts most, then what an earlier delete said; by default dependents are collected in the background.
    private static bool OrphansDependents(IList<string> finalizers, V1DeleteOptions options) =>
        OrphanDependents(options) ?? (options.PropagationPolicy is { } policy ? policy == "Orphan" : finalizers.Contains(Orphan));

    private static bool DeletesDependentsFirst(IList<string> finalizers, V1DeleteOptions options) =>
        OrphanDependents(options) is null
        && (options.PropagationPolicy is { } policy ? policy == "Foreground" : finalizers.Contains(Foreground));

#pragma warning disable CS0618 // Deprecated, and still sent by old clients.
    private static bool? OrphanDependents(V1DeleteOptions options) => options.OrphanDependents;
#pragma warning restore CS0618
}
