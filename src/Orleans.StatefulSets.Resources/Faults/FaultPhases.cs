namespace Orleans.StatefulSets.Resources.Faults;

/// <summary>How far a Fault has come: the values of <c>status.phase</c>.</summary>
public static class FaultPhases
{
    /// <summary>It has not begun.</summary>
    public const string Pending = "Pending";

    /// <summary>It happens.</summary>
    public const string Active = "Active";

    /// <summary>It is over, and everything that can be undone is.</summary>
    public const string Finished = "Finished";
}
