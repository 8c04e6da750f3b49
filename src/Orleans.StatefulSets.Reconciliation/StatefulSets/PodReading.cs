using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>Reads a pod with the eyes of a set.</summary>
internal static class PodReading
{
    internal static PodObservation? Read(V1StatefulSet set, V1Pod pod, long resourceVersion)
    {
        var metadata = pod.Metadata;
        var ordinal = StatefulSetNames.OrdinalOf(set.Metadata.Name, metadata.Name);
        var controller = Ownership.ControllerOf(metadata);
        var controlled = controller is not null && controller.Uid == set.Metadata.Uid;
        if (ordinal < 0 && !controlled)
        {
            return null;
        }

        var ready = ReadyCondition(pod);
        return new PodObservation
        {
            Name = metadata.Name,
            Uid = metadata.Uid ?? "",
            ResourceVersion = resourceVersion,
            Ordinal = ordinal,
            Phase = pod.Status?.Phase ?? "",
            RunningAndReady = pod.Status?.Phase == "Running" && ready is not null,
            ReadySince = pod.Status?.Phase == "Running" ? ready?.LastTransitionTime : null,
            Terminating = metadata.DeletionTimestamp is not null,
            Revision = metadata.Labels?.TryGetValue(StatefulSetLabels.Revision, out var revision) == true ? revision : null,
            Controlled = controlled,
            Orphan = controller is null,
            MatchesSelector = SelectorMatching.Matches(set.Spec.Selector, metadata.Labels),
            IdentityMatches = ordinal >= 0 && metadata.Labels?.TryGetValue(StatefulSetLabels.PodName, out var named) == true && named == metadata.Name,
            StorageMatches = ordinal >= 0 && StorageMatches(set, pod, ordinal),
        };
    }

    private static V1PodCondition? ReadyCondition(V1Pod pod) =>
        pod.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "Ready", Status: "True" });

    private static bool StorageMatches(V1StatefulSet set, V1Pod pod, int ordinal)
    {
        foreach (var template in set.Spec.VolumeClaimTemplates ?? [])
        {
            var volume = pod.Spec?.Volumes?.FirstOrDefault(volume => volume.Name == template.Metadata.Name);
            if (volume?.PersistentVolumeClaim?.ClaimName != StatefulSetNames.Claim(set.Metadata.Name, template.Metadata.Name, ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
