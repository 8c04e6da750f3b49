using Orleans.StatefulSets.Reconciliation.Events;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>What is told of Faults.</summary>
internal static class FaultEvents
{
    private const string Component = "fault-controller";

    // An Event's message is bounded; the status has all the names.
    private const int MostNamed = 10;

    internal static ObjectEvent Began(V1alpha1Fault fault, IReadOnlyList<V1alpha1FaultNode> nodes) =>
        ObjectEvent.Normal(Component, "Started", $"{fault.Spec.Action} began{Named(nodes)}");

    internal static ObjectEvent Ended(V1alpha1Fault fault) => ObjectEvent.Normal(Component, "Finished", $"{fault.Spec.Action} is over");

    internal static ObjectEvent Killed(int containers) =>
        ObjectEvent.Normal(Component, "ContainersKilled", $"Killed {containers} container{(containers == 1 ? "" : "s")}");

    private static string Named(IReadOnlyList<V1alpha1FaultNode> nodes) => nodes.Count == 0
        ? ""
        : $" on {string.Join(", ", nodes.Take(MostNamed).Select(node => node.Name))}{(nodes.Count > MostNamed ? $" and {nodes.Count - MostNamed} more" : "")}";
}
