namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>What a command need not do.</summary>
[Flags]
internal enum Mode
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>Its failure is looked at, so <c>set -e</c> lets it pass.</summary>
    Tested = 1,

    /// <summary>Nothing follows it in this process, so a program may take the shell's place.</summary>
    Last = 2,
}
