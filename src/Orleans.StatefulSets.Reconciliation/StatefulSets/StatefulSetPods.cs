using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>Builds the pods of a set, as upstream's <c>newStatefulSetPod</c> does. Templates are shared, never changed.</summary>
public static class StatefulSetPods
{
    /// <summary>A new pod of that ordinal.</summary>
    /// <param name="set">The set that owns it.</param>
    /// <param name="template">The pod template of the revision.</param>
    /// <param name="revision">The revision's name, for the label <c>controller-revision-hash</c>.</param>
    /// <param name="ordinal">The ordinal.</param>
    public static V1Pod New(V1StatefulSet set, V1PodTemplateSpec template, string revision, int ordinal)
    {
        var name = StatefulSetNames.Pod(set.Metadata.Name, ordinal);
        var labels = Identified(template.Metadata?.Labels, name, ordinal);
        labels[StatefulSetLabels.Revision] = revision;
        return new V1Pod
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = new V1ObjectMeta
            {
                Name = name,
                GenerateName = set.Metadata.Name + "-",
                NamespaceProperty = set.Metadata.NamespaceProperty,
                Labels = labels,
                Annotations = template.Metadata?.Annotations is { Count: > 0 } annotations ? new Dictionary<string, string>(annotations) : null,
                Finalizers = template.Metadata?.Finalizers is { Count: > 0 } finalizers ? [.. finalizers] : null,
                OwnerReferences = [Ownership.To(set)],
            },
            Spec = template.Spec with
            {
                Hostname = name,
                Subdomain = string.IsNullOrEmpty(set.Spec.ServiceName) ? null : set.Spec.ServiceName,
                Volumes = Volumes(set, template.Spec.Volumes, ordinal),
            },
        };
    }

    /// <summary>The pod with the identity and the volumes that the set gives its ordinal (upstream <c>UpdateStatefulPod</c>).</summary>
    public static V1Pod Mend(V1StatefulSet set, V1Pod pod)
    {
        var ordinal = StatefulSetNames.OrdinalOf(set.Metadata.Name, pod.Metadata.Name);
        return pod with
        {
            Metadata = pod.Metadata with { Labels = Identified(pod.Metadata.Labels, pod.Metadata.Name, ordinal) },
            Spec = pod.Spec with { Volumes = Volumes(set, pod.Spec.Volumes, ordinal) },
        };
    }

    private static Dictionary<string, string> Identified(IDictionary<string, string>? labels, string name, int ordinal) =>
        new(labels ?? new Dictionary<string, string>())
        {
            [StatefulSetLabels.PodName] = name,
            [StatefulSetLabels.PodIndex] = ordinal.ToString(CultureInfo.InvariantCulture),
        };

    // A claim's volume takes the place of a template's volume of the same name, and stands before those that stay.
    private static IList<V1Volume>? Volumes(V1StatefulSet set, IList<V1Volume>? volumes, int ordinal)
    {
        if (set.Spec.VolumeClaimTemplates is not { Count: > 0 } templates)
        {
            return volumes;
        }

        var claimed = templates.Select(template => new V1Volume
        {
            Name = template.Metadata.Name,
            PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource
            {
                ClaimName = StatefulSetNames.Claim(set.Metadata.Name, template.Metadata.Name, ordinal),
            },
        }).ToList();
        var names = claimed.Select(volume => volume.Name).ToHashSet();
        return [.. claimed, .. (volumes ?? []).Where(volume => !names.Contains(volume.Name))];
    }
}
