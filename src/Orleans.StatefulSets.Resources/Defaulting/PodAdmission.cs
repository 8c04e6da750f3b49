using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>
/// What the admission plug-ins Priority, DefaultTolerationSeconds and ServiceAccount add to a new pod
/// (plugin/pkg/admission of Kubernetes).
/// </summary>
internal static class PodAdmission
{
    private const long TolerationSeconds = 300;
    private const string NotReady = "node.kubernetes.io/not-ready";
    private const string Unreachable = "node.kubernetes.io/unreachable";

    private static readonly V1Toleration ToleratesNotReady = Tolerates(NotReady);
    private static readonly V1Toleration ToleratesUnreachable = Tolerates(Unreachable);

    /// <summary>The pod's spec after admission.</summary>
    /// <exception cref="ApiException">The priority class is unknown (403).</exception>
    public static V1PodSpec Admit(V1Pod pod, V1PodSpec spec, IClusterView cluster)
    {
        var admitted = PriorityAdmission.Admit(pod.Metadata, spec, cluster) with { Tolerations = Tolerations(spec.Tolerations) };
        return ServiceAccountAdmission.Admit(pod.Metadata, admitted, cluster);
    }

    private static IList<V1Toleration>? Tolerations(IList<V1Toleration>? given)
    {
        var missesNotReady = given is null || !given.Any(toleration => CoversNoExecute(toleration, NotReady));
        var missesUnreachable = given is null || !given.Any(toleration => CoversNoExecute(toleration, Unreachable));
        if (!missesNotReady && !missesUnreachable)
        {
            return given;
        }

        List<V1Toleration> tolerations = given is null ? [] : [.. given];
        if (missesNotReady)
        {
            tolerations.Add(ToleratesNotReady);
        }

        if (missesUnreachable)
        {
            tolerations.Add(ToleratesUnreachable);
        }

        return tolerations;
    }

    private static bool CoversNoExecute(V1Toleration toleration, string key) =>
        (toleration.Key == key || string.IsNullOrEmpty(toleration.Key)) && toleration.Effect is ("NoExecute" or null or "");

    private static V1Toleration Tolerates(string key) =>
        new() { Key = key, OperatorProperty = "Exists", Effect = "NoExecute", TolerationSeconds = TolerationSeconds };
}
