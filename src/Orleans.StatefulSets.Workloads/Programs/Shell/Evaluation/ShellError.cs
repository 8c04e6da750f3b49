namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>An error that ends a shell, or brings an interactive one back to its prompt.</summary>
/// <param name="message">What it says behind the shell's name.</param>
/// <param name="status">The exit status.</param>
internal sealed class ShellError(string message, int status = 2) : Exception(message)
{
    /// <summary>The exit status.</summary>
    public int Status => status;
}

/// <summary>The shell ends: <c>exit</c>, or a command that it became.</summary>
/// <param name="status">The exit status.</param>
/// <param name="isReplaced">Another program took its place, so no EXIT trap runs.</param>
internal sealed class ShellExit(int status, bool isReplaced = false) : Exception
{
    /// <summary>The exit status.</summary>
    public int Status => status;

    /// <summary>Another program took its place, so no EXIT trap runs.</summary>
    public bool IsReplaced => isReplaced;
}

/// <summary>An interactive shell was interrupted: what it does ends, and it asks again.</summary>
internal sealed class ShellInterrupt : Exception;
