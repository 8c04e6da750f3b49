namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>Whom a process acts for.</summary>
/// <param name="Uid">The user; 0 passes every check.</param>
/// <param name="Gid">The group.</param>
/// <param name="Groups">Further groups (fsGroup, supplementalGroups).</param>
public sealed record Credentials(int Uid, int Gid, IReadOnlyList<int> Groups)
{
    /// <summary>The superuser.</summary>
    public static Credentials Root { get; } = new(0, 0, []);

    /// <summary>Whether it is the superuser.</summary>
    public bool IsRoot => Uid == 0;
}
