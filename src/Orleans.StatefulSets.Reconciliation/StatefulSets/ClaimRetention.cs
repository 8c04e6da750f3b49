using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>
/// Which owners the retention policy gives a claim (upstream <c>stateful_set_utils.go</c>: <c>isClaimOwnerUpToDate</c>,
/// <c>updateClaimOwnerRefForSetAndPod</c>). A claim that follows an earlier set or pod of the same name is left alone.
/// </summary>
internal static class ClaimRetention
{
    /// <summary>The references the claim is to have, or null when they are right as they are.</summary>
    internal static IReadOnlyList<V1OwnerReference>? Correction(SetFrame frame, ClaimObservation claim, PodReference pod)
    {
        var references = claim.OwnerReferences;
        if (IsStale(references, IsSet, frame.Uid) || IsStale(references, IsPod, pod.Uid))
        {
            return null;
        }

        var ours = references.Where(reference => reference.Uid == frame.Uid || reference.Uid == pod.Uid).ToList();
        var others = references.Where(reference => !IsSet(reference) && !IsPod(reference)).ToList();
        if (HasOtherController(frame, others))
        {
            return ours.Count == 0 ? null : others;
        }

        var condemned = !frame.InRange(claim.Ordinal);
        var wantsPod = frame.DeleteWhenScaled && condemned;
        var wantsSet = frame.DeleteWhenDeleted && !wantsPod;
        var right = ours.All(reference => reference.Controller == true)
            && ours.Any(reference => reference.Uid == frame.Uid) == wantsSet
            && ours.Any(reference => reference.Uid == pod.Uid) == wantsPod;
        return right ? null : Wanted();

        IReadOnlyList<V1OwnerReference> Wanted() => wantsPod ? [.. others, ToPod(pod)] : wantsSet ? [.. others, ToSet(frame)] : others;

        bool IsSet(V1OwnerReference reference) => reference.ApiVersion == "apps/v1" && reference.Kind == "StatefulSet" && reference.Name == frame.Name;

        bool IsPod(V1OwnerReference reference) => IsPodNamed(reference, pod.Name);
    }

    /// <summary>The claim still belongs to a pod of that name that is gone: it goes too, and a new pod must wait (upstream <c>PodClaimIsStale</c>).</summary>
    internal static bool BelongsToFormerPod(SetFrame frame, ClaimObservation claim, string podName) =>
        frame.DeleteWhenScaled && claim.OwnerReferences.Any(reference => IsPodNamed(reference, podName));

    private static bool IsPodNamed(V1OwnerReference reference, string name) =>
        reference.ApiVersion == "v1" && reference.Kind == "Pod" && reference.Name == name;

    private static bool IsStale(IReadOnlyList<V1OwnerReference> references, Func<V1OwnerReference, bool> matches, string uid) =>
        references.FirstOrDefault(matches) is { } found && found.Uid != uid;

    // With Retain everywhere it is no matter who else manages the claim.
    private static bool HasOtherController(SetFrame frame, List<V1OwnerReference> others) =>
        (frame.DeleteWhenScaled || frame.DeleteWhenDeleted) && others.Exists(reference => reference.Controller == true);

    private static V1OwnerReference ToSet(SetFrame frame) => new()
    {
        ApiVersion = "apps/v1",
        Kind = "StatefulSet",
        Name = frame.Name,
        Uid = frame.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };

    private static V1OwnerReference ToPod(PodReference pod) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Name = pod.Name,
        Uid = pod.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };
}
