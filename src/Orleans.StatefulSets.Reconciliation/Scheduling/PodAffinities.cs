using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>What a pod wants of other pods: its <c>spec.affinity.podAffinity</c> and <c>podAntiAffinity</c>.</summary>
internal sealed record PodAffinities(
    IReadOnlyList<AffinityTerm> Required, IReadOnlyList<AffinityTerm> RequiredAnti, IReadOnlyList<AffinityTerm> Preferred, IReadOnlyList<AffinityTerm> PreferredAnti)
{
    public static PodAffinities None { get; } = new([], [], [], []);

    public bool HasPreferences => Preferred.Count + PreferredAnti.Count > 0;

    public static PodAffinities Of(V1Pod pod)
    {
        var affinity = pod.Spec.Affinity?.PodAffinity;
        var anti = pod.Spec.Affinity?.PodAntiAffinity;
        return affinity is null && anti is null
            ? None
            : new PodAffinities(
                Required(affinity?.RequiredDuringSchedulingIgnoredDuringExecution),
                Required(anti?.RequiredDuringSchedulingIgnoredDuringExecution),
                Preferred(affinity?.PreferredDuringSchedulingIgnoredDuringExecution),
                Preferred(anti?.PreferredDuringSchedulingIgnoredDuringExecution));

        IReadOnlyList<AffinityTerm> Required(IList<V1PodAffinityTerm>? terms) => [.. (terms ?? []).Select(term => AffinityTerm.Of(pod, term))];

        IReadOnlyList<AffinityTerm> Preferred(IList<V1WeightedPodAffinityTerm>? terms) =>
            [.. (terms ?? []).Where(term => term.PodAffinityTerm is not null && term.Weight != 0).Select(term => AffinityTerm.Of(pod, term.PodAffinityTerm, term.Weight))];
    }
}
