using k8s.Models;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>printStatefulSet and printControllerRevision.</summary>
internal static class StatefulSetColumns
{
    public static readonly TableLayout Layout = Column.Layout<V1StatefulSet>(
        [
            Column.Name,
            Column.Text("Ready", "Number of the pod with ready state"),
            Column.Age,
            Column.Wide("Containers", "Names of each container in the template."),
            Column.Wide("Images", "Images referenced by each container in the template."),
        ],
        static (set, now) =>
        [
            set.Metadata.Name,
            $"{set.Status?.ReadyReplicas ?? 0}/{set.Spec?.Replicas ?? 0}",
            HumanDuration.Since(set.Metadata.CreationTimestamp, now),
            string.Join(',', set.Spec?.Template?.Spec?.Containers?.Select(container => container.Name) ?? []),
            string.Join(',', set.Spec?.Template?.Spec?.Containers?.Select(container => container.Image) ?? []),
        ]);

    public static readonly TableLayout Revisions = Column.Layout<V1ControllerRevision>(
        [
            Column.Name,
            Column.Text("Controller", "Controller of the object"),
            Column.Text("Revision", "Revision indicates the revision of the state represented by Data."),
            Column.Age,
        ],
        static (revision, now) =>
        [
            revision.Metadata.Name,
            Controller(revision.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true)),
            revision.Revision ?? 0,
            HumanDuration.Since(revision.Metadata.CreationTimestamp, now),
        ]);

    // "statefulset.apps/web": the kind in small letters, its group, the name.
    private static string Controller(V1OwnerReference? owner)
    {
        if (owner is null)
        {
            return "<none>";
        }

        var slash = owner.ApiVersion.IndexOf('/');
        var group = slash < 0 ? "" : "." + owner.ApiVersion[..slash];
        return $"{owner.Kind.ToLowerInvariant()}{group}/{owner.Name}";
    }
}
