namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>How an instance of a container ended.</summary>
/// <param name="Container">Its name.</param>
/// <param name="Restarts">Which instance: how often the container was restarted before.</param>
/// <param name="ExitCode">The exit code of its first process, 128 + signal where one ended it.</param>
/// <param name="Message">Its last words, from its termination message path or log; null where it had none.</param>
public sealed record ContainerEnd(string Container, int Restarts, int ExitCode, string? Message)
{
    /// <summary>Nothing of it ever ran: its program could not be started.</summary>
    public bool NeverStarted { get; init; }
}
