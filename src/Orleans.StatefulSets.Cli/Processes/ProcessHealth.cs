namespace Orleans.StatefulSets.Cli.Processes;

/// <summary>How a process is.</summary>
internal enum ProcessHealth
{
    /// <summary>It says that it can serve.</summary>
    Ready,

    /// <summary>It says that it can't serve now.</summary>
    NotReady,

    /// <summary>It runs and doesn't answer.</summary>
    NoAnswer,

    /// <summary>It doesn't run.</summary>
    Ended,
}
