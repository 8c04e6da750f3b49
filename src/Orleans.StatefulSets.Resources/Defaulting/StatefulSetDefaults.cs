using k8s.Models;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>SetDefaults_StatefulSet (pkg/apis/apps/v1/defaults.go).</summary>
internal static class StatefulSetDefaults
{
    private const string Retain = "Retain";
    private const string RollingUpdate = "RollingUpdate";

    /// <summary>A set's spec with its defaults; the same instance where nothing was missing.</summary>
    public static V1StatefulSetSpec Fill(V1StatefulSetSpec spec)
    {
        var strategy = FillStrategy(spec.UpdateStrategy);
        var retention = FillRetention(spec.PersistentVolumeClaimRetentionPolicy);
        var template = FillTemplate(spec.Template);
        var claims = SharedLists.Each(spec.VolumeClaimTemplates, ClaimDefaults.FillTemplate);
        var complete = !string.IsNullOrEmpty(spec.PodManagementPolicy)
            && spec.Replicas is not null
            && spec.RevisionHistoryLimit is not null
            && ReferenceEquals(strategy, spec.UpdateStrategy)
            && ReferenceEquals(retention, spec.PersistentVolumeClaimRetentionPolicy)
            && ReferenceEquals(template, spec.Template)
            && ReferenceEquals(claims, spec.VolumeClaimTemplates);
        return complete ? spec : spec with
        {
            PodManagementPolicy = string.IsNullOrEmpty(spec.PodManagementPolicy) ? "OrderedReady" : spec.PodManagementPolicy,
            Replicas = spec.Replicas ?? 1,
            RevisionHistoryLimit = spec.RevisionHistoryLimit ?? 10,
            UpdateStrategy = strategy,
            PersistentVolumeClaimRetentionPolicy = retention,
            Template = template,
            VolumeClaimTemplates = claims,
        };
    }

    // A type that is given with no rollingUpdate keeps none; a partition is filled in only where there is something to fill.
    private static V1StatefulSetUpdateStrategy FillStrategy(V1StatefulSetUpdateStrategy? strategy)
    {
        if (string.IsNullOrEmpty(strategy?.Type))
        {
            return new V1StatefulSetUpdateStrategy { Type = RollingUpdate, RollingUpdate = FillPartition(strategy?.RollingUpdate ?? new()) };
        }

        return strategy is { Type: RollingUpdate, RollingUpdate: { Partition: null } rolling }
            ? strategy with { RollingUpdate = FillPartition(rolling) }
            : strategy;
    }

    private static V1RollingUpdateStatefulSetStrategy FillPartition(V1RollingUpdateStatefulSetStrategy rolling) =>
        rolling.Partition is null ? rolling with { Partition = 0 } : rolling;

    private static V1StatefulSetPersistentVolumeClaimRetentionPolicy FillRetention(V1StatefulSetPersistentVolumeClaimRetentionPolicy? policy) =>
        policy is not null && !string.IsNullOrEmpty(policy.WhenDeleted) && !string.IsNullOrEmpty(policy.WhenScaled)
            ? policy
            : new V1StatefulSetPersistentVolumeClaimRetentionPolicy
            {
                WhenDeleted = string.IsNullOrEmpty(policy?.WhenDeleted) ? Retain : policy.WhenDeleted,
                WhenScaled = string.IsNullOrEmpty(policy?.WhenScaled) ? Retain : policy.WhenScaled,
            };

    private static V1PodTemplateSpec FillTemplate(V1PodTemplateSpec? template)
    {
        var given = template ?? new V1PodTemplateSpec();
        var spec = PodSpecDefaults.FillTemplate(given.Spec ?? new V1PodSpec());
        return template is { Metadata: not null } && ReferenceEquals(spec, template.Spec)
            ? template
            : given with { Metadata = given.Metadata ?? new V1ObjectMeta(), Spec = spec };
    }
}
