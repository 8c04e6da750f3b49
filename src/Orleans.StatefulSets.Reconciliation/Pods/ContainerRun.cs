namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>What a node's runtime knows of one instance of a container that it really runs.</summary>
public sealed record ContainerRun
{
    /// <summary>Which instance: how often the container was restarted before.</summary>
    public required int Restarts { get; init; }

    /// <summary>It is being made, or its postStart hook is under way: the kubelet says nothing of it yet.</summary>
    public bool IsStarting { get; init; }

    /// <summary>Why it can't be made, as the reason of a waiting state (<c>CreateContainerConfigError</c>); null where it was made.</summary>
    public string? Problem { get; init; }

    /// <summary>The message of <see cref="Problem"/>.</summary>
    public string? ProblemMessage { get; init; }

    /// <summary>When the problem was found: it is tried again a while later.</summary>
    public DateTime? ProblemAt { get; init; }

    /// <summary>It has been asked to end: it need not be asked again.</summary>
    public bool IsStopping { get; init; }

    /// <summary>How it ended; null while it runs.</summary>
    public ContainerExit? Exit { get; init; }

    /// <summary>Its startup probe has succeeded, or it has none.</summary>
    public bool Started { get; init; } = true;

    /// <summary>Its readiness probe says so, or it has none; never before it has started.</summary>
    public bool Ready { get; init; } = true;
}

/// <summary>How an instance of a container ended.</summary>
/// <param name="ExitCode">0 to 255.</param>
/// <param name="Message">Its last words; null where there are none.</param>
/// <param name="NeverStarted">Its program could not be started.</param>
public sealed record ContainerExit(int ExitCode, string? Message = null, bool NeverStarted = false);

/// <summary>What a kubelet asks its runtime to do.</summary>
public enum ContainerVerb
{
    /// <summary>Make the instance and start it; the next situation has a <see cref="ContainerRun"/> of it.</summary>
    Start,

    /// <summary>Run its preStop hook and ask it to end.</summary>
    Stop,

    /// <summary>End it at once.</summary>
    Kill,
}

/// <summary>One such request.</summary>
/// <param name="Container">The container's name.</param>
/// <param name="Verb">What to do.</param>
/// <param name="Restarts">With which instance.</param>
public sealed record ContainerAction(string Container, ContainerVerb Verb, int Restarts);
