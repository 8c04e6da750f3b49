namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>One event about the set, to be recorded by the component <c>statefulset-controller</c>.</summary>
/// <param name="Type"><c>Normal</c> or <c>Warning</c>.</param>
/// <param name="Reason">The reason, <c>SuccessfulCreate</c>.</param>
/// <param name="Message">The message.</param>
public sealed record StatefulSetEvent(string Type, string Reason, string Message);

/// <summary>The events of upstream's <c>stateful_pod_control.go</c>. An AlreadyExists answer to a pod's creation records none.</summary>
public static class StatefulSetEvents
{
    /// <summary>The component that events are recorded as coming from.</summary>
    public const string Component = "statefulset-controller";

    public static StatefulSetEvent PodCreated(string set, string pod) => Succeeded("Create", "create", set, pod);

    public static StatefulSetEvent PodDeleted(string set, string pod) => Succeeded("Delete", "delete", set, pod);

    public static StatefulSetEvent PodUpdated(string set, string pod) => Succeeded("Update", "update", set, pod);

    public static StatefulSetEvent PodCreationFailed(string set, string pod, string error) => Failed("Create", "create", set, pod, error);

    public static StatefulSetEvent PodDeletionFailed(string set, string pod, string error) => Failed("Delete", "delete", set, pod, error);

    public static StatefulSetEvent PodUpdateFailed(string set, string pod, string error) => Failed("Update", "update", set, pod, error);

    /// <summary>A pod that ended is deleted, to be made again (<c>stateful_set_control.go</c>, processReplica).</summary>
    /// <param name="set">The set, <c>namespace/name</c>.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="failed">It failed; else it succeeded, which a pod of a set should not.</param>
    public static StatefulSetEvent PodRecreated(string set, string pod, bool failed) => failed
        ? new("Warning", "RecreatingFailedPod", $"StatefulSet {set} is recreating failed Pod {pod}")
        : new("Normal", "RecreatingTerminatedPod", $"StatefulSet {set} is recreating terminated Pod {pod}");

    public static StatefulSetEvent ClaimCreated(string set, string pod, string claim) =>
        new("Normal", "SuccessfulCreate", $"create Claim {claim} Pod {pod} in StatefulSet {set} success");

    public static StatefulSetEvent ClaimCreationFailed(string set, string pod, string claim, string error) =>
        new("Warning", "FailedCreate", $"create Claim {claim} for Pod {pod} in StatefulSet {set} failed error: {error}");

    private static StatefulSetEvent Succeeded(string reason, string verb, string set, string pod) =>
        new("Normal", "Successful" + reason, $"{verb} Pod {pod} in StatefulSet {set} successful");

    private static StatefulSetEvent Failed(string reason, string verb, string set, string pod, string error) =>
        new("Warning", "Failed" + reason, $"{verb} Pod {pod} in StatefulSet {set} failed error: {error}");
}
