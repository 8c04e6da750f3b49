namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>The labels that a set writes on its pods.</summary>
public static class StatefulSetLabels
{
    public const string PodName = "statefulset.kubernetes.io/pod-name";
    public const string PodIndex = "apps.kubernetes.io/pod-index";
    public const string Revision = "controller-revision-hash";
}
