namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>Why the commands that follow are left out.</summary>
internal enum Skip
{
    /// <summary>They are not.</summary>
    None,

    /// <summary><c>break</c></summary>
    Break,

    /// <summary><c>continue</c></summary>
    Continue,

    /// <summary><c>return</c></summary>
    Return,
}
