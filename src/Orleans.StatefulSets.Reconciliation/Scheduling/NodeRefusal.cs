namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>Why one node won't do.</summary>
/// <param name="Reasons">One or more; each is counted over the nodes.</param>
/// <param name="IsLasting">No pod's going would help (UnschedulableAndUnresolvable), so preemption isn't tried there.</param>
internal sealed record NodeRefusal(IReadOnlyList<string> Reasons, bool IsLasting)
{
    public static NodeRefusal Lasting(string reason) => new([reason], IsLasting: true);

    public static NodeRefusal Passing(string reason) => new([reason], IsLasting: false);
}
