namespace Orleans.StatefulSets.Benchmarks.Figures;

/// <summary>One number of one run.</summary>
/// <param name="Name">What was measured; the same in each run of a scenario.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Value">In that unit.</param>
internal sealed record Figure(string Name, Unit Unit, double Value)
{
    /// <summary>Begins the names of what was measured the first time in a process, while it is still being compiled.</summary>
    public const string First = "first ";

    public const string Up = "up";
    public const string UpCpu = "up, CPU";
    public const string Down = "down";
    public const string DownCpu = "down, CPU";
    public const string Empty = "empty";
    public const string At2000 = "2,000 pods";
    public const string At10000 = "10,000 pods";
}
