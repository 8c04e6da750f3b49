using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Resources.Kinds;

/// <summary>The kind of the emulator's own group.</summary>
internal static class FaultKind
{
    public static ResourceKind Definition => new()
    {
        Group = V1alpha1Fault.KubeGroup,
        Version = V1alpha1Fault.KubeApiVersion,
        Kind = V1alpha1Fault.KubeKind,
        Plural = V1alpha1Fault.KubePluralName,
        Singular = "fault",
        Namespaced = false,
        ModelType = typeof(V1alpha1Fault),
        Subresources = ["status"],
        CountsGenerations = true,
    };
}
