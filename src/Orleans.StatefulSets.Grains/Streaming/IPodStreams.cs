using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Streaming;

/// <summary>
/// The way to what runs inside pods, wherever their nodes live: what a kubelet's streaming server is to an API server. What a real cluster
/// refuses before it upgrades a connection is an <see cref="ApiException"/> here: one of 500 and above is a kubelet's, and its client is
/// told the message alone, as plain text; any other one is a Status. The API has asked already whether there is such a pod and such a
/// container, and whether the pod has a node.
/// </summary>
public interface IPodStreams
{
    /// <summary>Runs a command in a container.</summary>
    /// <exception cref="ApiException">400, 404 or 500 with upstream's message: no such pod or container, not scheduled, not running, too many sessions.</exception>
    Task<IPodProcess> ExecAsync(ObjectKey pod, ExecRequest request, CancellationToken cancellation);

    /// <summary>Takes part in the input and output of a container's first process.</summary>
    /// <exception cref="ApiException">As for <see cref="ExecAsync"/>.</exception>
    Task<IPodProcess> AttachAsync(ObjectKey pod, AttachRequest request, CancellationToken cancellation);

    /// <summary>Connects to a TCP port of a pod, as from inside of it (<c>localhost</c>).</summary>
    /// <exception cref="ApiException">As for <see cref="ExecAsync"/>.</exception>
    /// <exception cref="PodConnectionException">Nobody listens there, or the pod went.</exception>
    Task<IPodConnection> ConnectAsync(ObjectKey pod, int port, CancellationToken cancellation);

    /// <summary>Whether the pod can be reached at all, as <c>port-forward</c> asks before it upgrades.</summary>
    /// <exception cref="ApiException">As for <see cref="ExecAsync"/>.</exception>
    Task CheckAsync(ObjectKey pod, CancellationToken cancellation);

    /// <summary>What a container wrote, from the oldest line asked for on, piece by piece; with <c>Follow</c> until the container ends.</summary>
    /// <exception cref="ApiException">Before the first piece, with upstream's message.</exception>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLogAsync(ObjectKey pod, LogRequest request, CancellationToken cancellation);
}

/// <summary>What is to be run (<c>PodExecOptions</c>).</summary>
/// <param name="Container">The container; null for the default one.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Stdin">Its input is the client's; else it is empty.</param>
/// <param name="Stdout">Its output is wanted.</param>
/// <param name="Stderr">Its error output is wanted; with a terminal there is none of its own.</param>
/// <param name="Tty">It runs in a terminal.</param>
[GenerateSerializer]
[Alias("exec-request")]
[Immutable]
public sealed record ExecRequest(
    [property: Id(0)] string? Container,
    [property: Id(1)] IReadOnlyList<string> Command,
    [property: Id(2)] bool Stdin,
    [property: Id(3)] bool Stdout,
    [property: Id(4)] bool Stderr,
    [property: Id(5)] bool Tty);

/// <summary>What is to be attached to (<c>PodAttachOptions</c>).</summary>
[GenerateSerializer]
[Alias("attach-request")]
[Immutable]
public sealed record AttachRequest(
    [property: Id(0)] string? Container,
    [property: Id(1)] bool Stdin,
    [property: Id(2)] bool Stdout,
    [property: Id(3)] bool Stderr,
    [property: Id(4)] bool Tty);

/// <summary>Which part of a log is asked for (<c>PodLogOptions</c>).</summary>
[GenerateSerializer]
[Alias("log-request")]
[Immutable]
public sealed record LogRequest
{
    /// <summary>The container; null for the only one.</summary>
    [Id(0)]
    public string? Container { get; init; }

    /// <summary>What follows is waited for.</summary>
    [Id(1)]
    public bool Follow { get; init; }

    /// <summary>The instance before the present one.</summary>
    [Id(2)]
    public bool Previous { get; init; }

    /// <summary>Each line begins with its time, RFC 3339 with nanoseconds.</summary>
    [Id(3)]
    public bool Timestamps { get; init; }

    /// <summary>At most as many of the last lines.</summary>
    [Id(4)]
    public long? TailLines { get; init; }

    /// <summary>Nothing older than as many seconds of simulated time.</summary>
    [Id(5)]
    public long? SinceSeconds { get; init; }

    /// <summary>Nothing older than this moment of simulated time, UTC.</summary>
    [Id(6)]
    public DateTime? SinceTime { get; init; }

    /// <summary>At most as many bytes.</summary>
    [Id(7)]
    public long? LimitBytes { get; init; }
}

/// <summary>A process inside a pod, as whoever started it sees it. Disposing hangs up: a process in a terminal hears HUP. A second time it does nothing.</summary>
public interface IPodProcess : IAsyncDisposable
{
    /// <summary>Hands on what the client typed; waits while the process does not read. Nothing happens where the process has ended.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>The client sends no more.</summary>
    ValueTask EndInputAsync(CancellationToken cancellation);

    /// <summary>The client's terminal has another size.</summary>
    ValueTask ResizeAsync(int columns, int rows, CancellationToken cancellation);

    /// <summary>The next output, waiting for it; null when there is no more: then <see cref="End"/> tells how it ended.</summary>
    ValueTask<ProcessOutput?> ReadAsync(CancellationToken cancellation);

    /// <summary>How it ended; null while it runs.</summary>
    ProcessEnd? End { get; }
}

/// <summary>A piece of a process's output.</summary>
/// <param name="IsError">Standard error.</param>
/// <param name="Bytes">At least one.</param>
[GenerateSerializer]
[Alias("process-output")]
[Immutable]
public readonly record struct ProcessOutput([property: Id(0)] bool IsError, [property: Id(1)] ReadOnlyMemory<byte> Bytes);

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its exit code, 128 + signal where one ended it.</param>
/// <param name="Failure">Why it could not be run or watched to its end, in a container runtime's words; null where it ended by itself.</param>
[GenerateSerializer]
[Alias("process-end")]
[Immutable]
public sealed record ProcessEnd([property: Id(0)] int ExitCode, [property: Id(1)] string? Failure = null);

/// <summary>A TCP connection to a port of a pod.</summary>
public interface IPodConnection : IAsyncDisposable
{
    /// <summary>Reads at least one byte; 0 at the end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Writes all bytes, waiting for room.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Nothing more is written.</summary>
    ValueTask EndWritingAsync(CancellationToken cancellation);
}

/// <summary>A connection into a pod could not be made, or broke. The message is a kubelet's: <c>failed to connect to localhost:80 inside namespace …</c>.</summary>
public sealed class PodConnectionException(string message) : IOException(message);
