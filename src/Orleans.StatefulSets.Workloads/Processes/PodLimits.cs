namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>The bounds of what may happen inside one pod. What goes beyond gets the error that a real container gives.</summary>
public sealed record PodLimits
{
    /// <summary>Most processes at once (a cgroup's pids.max): beyond, <c>can't fork: Resource temporarily unavailable</c>.</summary>
    public int Processes { get; init; } = 256;

    /// <summary>Most who are attached to one container at once; each of them holds up to a pipe's worth of what it says.</summary>
    public int Attached { get; init; } = 64;

    /// <summary>Most open files of a process: beyond, <c>Too many open files</c>.</summary>
    public int OpenFiles { get; init; } = 1024;

    /// <summary>Bytes that a pipe holds before its writer waits.</summary>
    public int PipeBytes { get; init; } = 65_536;

    /// <summary>Bytes of the largest file: beyond, <c>File too large</c>.</summary>
    public long FileBytes { get; init; } = 1L << 30;

    /// <summary>Bytes of a container's own layer or an emptyDir without a limit of its own: beyond, <c>No space left on device</c>.</summary>
    public long LayerBytes { get; init; } = 256L << 20;

    /// <summary>Bytes of all variables, arguments and substitutions that one process holds: beyond, <c>Cannot allocate memory</c>.</summary>
    public long ProcessBytes { get; init; } = 32L << 20;

    /// <summary>How much of a core of the host all processes of a pod use over time; a second's work is done without a pause.</summary>
    public double Cores { get; init; } = 0.2;

    /// <summary>Steps (commands, loop turns, 4 KiB of bytes moved) that all processes of the pod make in one second of the host; who wants more waits.</summary>
    public int StepsPerSecond { get; init; } = 200_000;

    /// <summary>Bytes of the log that one instance of a container keeps; the oldest lines go.</summary>
    public long LogBytes { get; init; } = 1L << 20;

    /// <summary>Deepest nesting of shell functions, substitutions and groups.</summary>
    public int Recursion { get; init; } = 200;
}
