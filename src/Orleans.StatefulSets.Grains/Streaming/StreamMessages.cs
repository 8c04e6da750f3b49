using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Streaming;

/// <summary>A node's answer to who wants a stream into one of its pods.</summary>
[GenerateSerializer, Immutable]
public sealed record StreamReply
{
    /// <summary>The stream's name at its node; empty after a refusal.</summary>
    [Id(0)]
    public string Stream { get; init; } = "";

    /// <summary>The refusal, a Status in JSON; null where there is none.</summary>
    [Id(1)]
    public byte[]? Refusal { get; init; }

    /// <summary>Why a connection could not be made, by the error's number; 0 where it was made.</summary>
    [Id(2)]
    public int Error { get; init; }

    /// <summary>The node is about to go over to another silo: ask again, until it is there.</summary>
    [Id(3)]
    public bool IsLeaving { get; init; }

    /// <exception cref="ApiException">It was refused.</exception>
    public void Demand()
    {
        if (Refusal is not null)
        {
            throw new ApiException(ObjectJson.Decode<V1Status>(Refusal));
        }
    }

    internal static StreamReply Refuse(ApiException refusal) => new() { Refusal = StatusJson.Encode(refusal.Status).ToArray() };
}

/// <summary>What came out of a stream.</summary>
[GenerateSerializer, Immutable]
public sealed record StreamPart
{
    /// <summary>Nothing came in the time that a call may wait: ask again.</summary>
    public static StreamPart Nothing { get; } = new();

    /// <summary>The pieces, in order.</summary>
    [Id(0)]
    public IReadOnlyList<ProcessOutput> Pieces { get; init; } = [];

    /// <summary>How it ended; null while it goes on.</summary>
    [Id(1)]
    public ProcessEnd? End { get; init; }
}

/// <summary>A part of a container's log.</summary>
[GenerateSerializer, Immutable]
public sealed record LogReply
{
    /// <summary>The refusal, a Status in JSON; null where there is none.</summary>
    [Id(0)]
    public byte[]? Refusal { get; init; }

    /// <summary>Where the next part begins.</summary>
    [Id(1)]
    public long Next { get; init; }

    /// <summary>Whose log it is, with the first answer.</summary>
    [Id(4)]
    public LogPlace? Place { get; init; }

    /// <summary>Where the log ended when it was asked for, with the first answer.</summary>
    [Id(5)]
    public long Until { get; init; }

    /// <summary>The lines, oldest first.</summary>
    [Id(2)]
    public IReadOnlyList<LoggedLine> Lines { get; init; } = [];

    /// <summary>Nothing more will come.</summary>
    [Id(3)]
    public bool IsComplete { get; init; }

    /// <exception cref="ApiException">It was refused.</exception>
    public void Demand()
    {
        if (Refusal is not null)
        {
            throw new ApiException(ObjectJson.Decode<V1Status>(Refusal));
        }
    }

    internal static LogReply Refuse(ApiException refusal) => new() { Refusal = StatusJson.Encode(refusal.Status).ToArray() };
}

/// <summary>The log of one instance of a container, which is none of the instance after it, nor of a pod that takes the same name.</summary>
/// <param name="Uid">The pod's uid.</param>
/// <param name="Container">The container.</param>
/// <param name="Restarts">How often it was restarted before.</param>
[GenerateSerializer, Immutable]
public sealed record LogPlace([property: Id(0)] string Uid, [property: Id(1)] string Container, [property: Id(2)] int Restarts);

/// <summary>One line of a log.</summary>
/// <param name="At">When it was written, simulated time, UTC.</param>
/// <param name="Bytes">The line, its newline included where it has one.</param>
[GenerateSerializer, Immutable]
public readonly record struct LoggedLine([property: Id(0)] DateTime At, [property: Id(1)] ReadOnlyMemory<byte> Bytes);
