using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateStatefulSetSpec and its neighbours (pkg/apis/apps/validation/validation.go).</summary>
internal static class StatefulSetRules
{
    private const string UpdateForbidden = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy',"
        + " 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    /// <summary>The spec of a set, new or updated.</summary>
    public static void Check(V1StatefulSetSpec spec, FieldErrors errors)
    {
        if (spec.PodManagementPolicy is not ("OrderedReady" or "Parallel"))
        {
            errors.Invalid("spec.podManagementPolicy", spec.PodManagementPolicy, "must be 'OrderedReady' or 'Parallel'");
        }

        CheckStrategy(spec.UpdateStrategy, errors);
        if (spec.PersistentVolumeClaimRetentionPolicy is { } retention)
        {
            errors.OneOf("spec.persistentVolumeClaimRetentionPolicy.whenDeleted", retention.WhenDeleted, "Retain", "Delete");
            errors.OneOf("spec.persistentVolumeClaimRetentionPolicy.whenScaled", retention.WhenScaled, "Retain", "Delete");
        }

        errors.NonNegative("spec.replicas", spec.Replicas);
        errors.NonNegative("spec.minReadySeconds", spec.MinReadySeconds);
        errors.NonNegative("spec.ordinals.start", spec.Ordinals?.Start);
        CheckSelector(spec, errors);
        CheckTemplate(spec, errors);
        CheckClaimTemplates(spec.VolumeClaimTemplates, errors);
    }

    /// <summary>What an update may not change, after the rules of the spec itself.</summary>
    public static void CheckUpdate(V1StatefulSetSpec next, V1StatefulSetSpec current, FieldErrors errors)
    {
        Check(next, errors);
        var restored = next with
        {
            Replicas = current.Replicas,
            Template = current.Template,
            UpdateStrategy = current.UpdateStrategy,
            MinReadySeconds = current.MinReadySeconds,
            Ordinals = current.Ordinals,
            RevisionHistoryLimit = current.RevisionHistoryLimit,
            PersistentVolumeClaimRetentionPolicy = current.PersistentVolumeClaimRetentionPolicy,
        };
        if (!SemanticEquality.Same(restored, current))
        {
            errors.Forbidden("spec", UpdateForbidden);
        }
    }

    /// <summary>A write to /status.</summary>
    public static void CheckStatus(V1StatefulSetStatus? next, V1StatefulSetStatus? current, FieldErrors errors)
    {
        if (next is null)
        {
            return;
        }

        errors.NonNegative("status.replicas", next.Replicas);
        errors.NonNegative("status.readyReplicas", next.ReadyReplicas);
        errors.NonNegative("status.currentReplicas", next.CurrentReplicas);
        errors.NonNegative("status.updatedReplicas", next.UpdatedReplicas);
        errors.NonNegative("status.availableReplicas", next.AvailableReplicas);
        errors.NonNegative("status.observedGeneration", next.ObservedGeneration);
        errors.NonNegative("status.collisionCount", next.CollisionCount);
        CheckAtMost("status.readyReplicas", next.ReadyReplicas, next.Replicas, "cannot be greater than status.replicas", errors);
        CheckAtMost("status.currentReplicas", next.CurrentReplicas, next.Replicas, "cannot be greater than status.replicas", errors);
        CheckAtMost("status.updatedReplicas", next.UpdatedReplicas, next.Replicas, "cannot be greater than status.replicas", errors);
        CheckAtMost("status.availableReplicas", next.AvailableReplicas, next.Replicas, "cannot be greater than status.replicas", errors);
        CheckAtMost("status.availableReplicas", next.AvailableReplicas, next.ReadyReplicas ?? 0, "cannot be greater than status.readyReplicas", errors);
        if ((next.CollisionCount ?? 0) < (current?.CollisionCount ?? 0))
        {
            errors.Invalid("status.collisionCount", next.CollisionCount ?? 0, "cannot be decremented");
        }
    }

    private static void CheckAtMost(string path, int? value, int bound, string detail, FieldErrors errors)
    {
        if (value > bound)
        {
            errors.Invalid(path, value, detail);
        }
    }

    private static void CheckStrategy(V1StatefulSetUpdateStrategy strategy, FieldErrors errors)
    {
        switch (strategy.Type)
        {
            case "OnDelete" when strategy.RollingUpdate is { } rolling:
                errors.Invalid(
                    "spec.updateStrategy.rollingUpdate",
                    new GoLiteral($"apps.RollingUpdateStatefulSetStrategy{{Partition:{rolling.Partition ?? 0}, MaxUnavailable:(*intstr.IntOrString)(nil)}}"),
                    "only allowed for updateStrategy 'RollingUpdate'");
                break;
            case "OnDelete":
                break;
            case "RollingUpdate":
                errors.NonNegative("spec.updateStrategy.rollingUpdate.partition", strategy.RollingUpdate?.Partition);
                CheckMaxUnavailable(strategy.RollingUpdate?.MaxUnavailable, errors);
                break;
            default:
                errors.Invalid(
                    "spec.updateStrategy",
                    new GoLiteral($"apps.StatefulSetUpdateStrategy{{Type:{GoValue.Quote(strategy.Type)}, RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)(nil)}}"),
                    "must be 'RollingUpdate' or 'OnDelete'");
                break;
        }
    }

    private static void CheckMaxUnavailable(IntOrString? value, FieldErrors errors)
    {
        const string path = "spec.updateStrategy.rollingUpdate.maxUnavailable";
        if (value is null)
        {
            return;
        }

        IntOrPercentRules.Check(path, value, errors);
        if (IntOrPercentRules.IsZero(value))
        {
            errors.Invalid(path, value, "cannot be 0");
        }
    }

    private static void CheckSelector(V1StatefulSetSpec spec, FieldErrors errors)
    {
        if (spec.Selector is not { } selector)
        {
            errors.Required("spec.selector");
            return;
        }

        LabelSelectorRules.Check(selector, "spec.selector", errors);
        var isEmpty = selector.MatchLabels is not { Count: > 0 } && selector.MatchExpressions is not { Count: > 0 };
        if (isEmpty)
        {
            errors.Invalid("spec.selector", selector, "empty selector is invalid for statefulset");
        }
        else if (!LabelSelectorRules.IsReadable(selector))
        {
            errors.Invalid("spec.selector", selector, "");
        }
        else if (!LabelSelectorRules.Matches(selector, spec.Template.Metadata?.Labels))
        {
            errors.Invalid(
                "spec.template.metadata.labels",
                spec.Template.Metadata?.Labels is { } labels ? labels : new GoLiteral("map[string]string(nil)"),
                "`selector` does not match template `labels`");
        }
    }

    private static void CheckTemplate(V1StatefulSetSpec spec, FieldErrors errors)
    {
        ObjectMetaRules.CheckLabels(spec.Template.Metadata?.Labels, "spec.template.labels", errors);
        ObjectMetaRules.CheckAnnotations(spec.Template.Metadata?.Annotations, "spec.template.annotations", errors);
        var template = spec.Template.Spec;
        if (template.RestartPolicy != "Always")
        {
            errors.NotSupported("spec.template.spec.restartPolicy", template.RestartPolicy, "Always");
        }

        if (template.ActiveDeadlineSeconds is not null)
        {
            errors.Forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in StatefulSet is not Supported");
        }

        // The claims of the set are volumes of its pods by the time those exist.
        var claims = spec.VolumeClaimTemplates?.Select(claim => claim.Metadata?.Name ?? "") ?? [];
        PodSpecRules.CheckTemplate(template, "spec.template.spec", claims, errors);
    }

    private static void CheckClaimTemplates(IList<V1PersistentVolumeClaim>? templates, FieldErrors errors)
    {
        var names = new HashSet<string>();
        for (var index = 0; index < templates?.Count; index++)
        {
            var path = $"spec.volumeClaimTemplates[{index}]";
            var template = templates[index];
            ObjectMetaRules.Check(template.Metadata ?? new V1ObjectMeta(), NameRules.Subdomain, errors, $"{path}.metadata");
            if (!string.IsNullOrEmpty(template.Metadata?.Name) && !names.Add(template.Metadata.Name))
            {
                errors.Duplicate($"{path}.metadata.name", template.Metadata.Name);
            }

            ClaimRules.Check(template.Spec, $"{path}.spec", errors);
        }
    }
}
