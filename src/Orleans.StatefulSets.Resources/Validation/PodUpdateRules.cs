using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidatePodUpdate (pkg/apis/core/validation/validation.go): a pod's spec is nearly all fixed.</summary>
internal static class PodUpdateRules
{
    private const string OnlySome = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
        + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    public static void Check(V1PodSpec next, V1PodSpec current, FieldErrors errors)
    {
        if (ReferenceEquals(next, current))
        {
            return;
        }

        if (next.Containers?.Count != current.Containers?.Count)
        {
            errors.Forbidden("spec.containers", "pod updates may not add or remove containers");
            return;
        }

        if ((next.InitContainers?.Count ?? 0) != (current.InitContainers?.Count ?? 0))
        {
            errors.Forbidden("spec.initContainers", "pod updates may not add or remove containers");
            return;
        }

        CheckImages(next.Containers, "spec.containers", errors);
        CheckImages(next.InitContainers, "spec.initContainers", errors);
        CheckDeadline(next.ActiveDeadlineSeconds, current.ActiveDeadlineSeconds, errors);
        CheckTolerations(next.Tolerations, current.Tolerations, errors);
        var restored = Restored(next, current);
        if (GatedPodRules.IsGated(current))
        {
            GatedPodRules.Check(next, current, errors);
            restored = GatedPodRules.Restored(restored, current);
        }

        if (!SemanticEquality.Same(restored, current))
        {
            errors.Forbidden("spec", OnlySome);
        }
    }

    private static void CheckImages(IList<V1Container>? containers, string path, FieldErrors errors)
    {
        for (var index = 0; index < containers?.Count; index++)
        {
            if (string.IsNullOrEmpty(containers[index].Image))
            {
                errors.Required($"{path}[{index}].image");
            }
            else if (containers[index].Image.Trim().Length != containers[index].Image.Length)
            {
                errors.Invalid($"{path}[{index}].image", containers[index].Image, "must not have leading or trailing whitespace");
            }
        }
    }

    // A deadline may be set and brought nearer, not put off or taken away.
    private static void CheckDeadline(long? next, long? current, FieldErrors errors)
    {
        const string path = "spec.activeDeadlineSeconds";
        if (next is < 0 or > int.MaxValue)
        {
            errors.Invalid(path, next, "must be between 0 and 2147483647, inclusive");
        }
        else if (next > current)
        {
            errors.Invalid(path, next, "must be less than or equal to previous value");
        }
        else if (next is null && current is not null)
        {
            errors.Invalid(path, null, "must not update from a positive integer to nil value");
        }
    }

    private static void CheckTolerations(IList<V1Toleration>? next, IList<V1Toleration>? current, FieldErrors errors)
    {
        if (ReferenceEquals(next, current))
        {
            return;
        }

        var keepsAll = current?.All(old => next?.Any(now => (old with { TolerationSeconds = null }) == (now with { TolerationSeconds = null })) == true) != false;
        if (!keepsAll)
        {
            errors.Forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
        }

        for (var index = 0; index < next?.Count; index++)
        {
            TolerationRules.Check(next[index], $"spec.tolerations[{index}]", errors);
        }
    }

    // The next spec with everything that may change put back: what still differs may not.
    private static V1PodSpec Restored(V1PodSpec next, V1PodSpec current) => next with
    {
        Containers = WithImages(next.Containers, current.Containers),
        InitContainers = WithImages(next.InitContainers, current.InitContainers),
        ActiveDeadlineSeconds = current.ActiveDeadlineSeconds,
        Tolerations = current.Tolerations,
        SchedulingGates = OnlyFewer(next.SchedulingGates, current.SchedulingGates) ? current.SchedulingGates : next.SchedulingGates,
        TerminationGracePeriodSeconds = current.TerminationGracePeriodSeconds < 0 && next.TerminationGracePeriodSeconds == 1
            ? current.TerminationGracePeriodSeconds
            : next.TerminationGracePeriodSeconds,
    };

    private static bool OnlyFewer(IList<V1PodSchedulingGate>? next, IList<V1PodSchedulingGate>? current) =>
        next?.All(gate => current?.Any(before => before.Name == gate.Name) == true) != false;

    private static IList<V1Container>? WithImages(IList<V1Container>? next, IList<V1Container>? current) => next is null || current is null
        ? next
        : [.. next.Zip(current, (now, before) => now.Image == before.Image ? now : now with { Image = before.Image })];
}
