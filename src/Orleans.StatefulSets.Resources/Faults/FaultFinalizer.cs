namespace Orleans.StatefulSets.Resources.Faults;

/// <summary>What keeps a Fault until its nodes are as they were.</summary>
public static class FaultFinalizer
{
    public const string Name = "emulator.statefulsets/lift";
}
