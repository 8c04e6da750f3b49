using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Streaming;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <summary>A Node: the one writer of its object, and the kubelet of its pods.</summary>
[Alias("node")]
public interface INodeGrain : IObjectGrain
{
    /// <summary>A moment that a pod was waiting for has come.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("pod-due")]
    Task PodDue(string podKey);

    /// <summary>What may be done to the pods of the node is another than before, where it is lost.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("zone-changed")]
    Task ZoneChanged();

    /// <summary>A Fault is done to the node; doing it again does no harm.</summary>
    /// <param name="action">The Fault's action.</param>
    /// <param name="fault">Its name.</param>
    [Alias("begin-fault")]
    Task<bool> BeginFault(string action, string fault);

    /// <summary>A Fault is over, and is undone, or goes on as another that does the same.</summary>
    /// <param name="action">The Fault's action.</param>
    /// <param name="fault">Its name.</param>
    /// <param name="heir">The other's name, or null.</param>
    [Alias("end-fault")]
    Task<bool> EndFault(string action, string fault, string? heir);

    /// <summary>Kills a container of a pod on the node, as SIGKILL does.</summary>
    /// <returns>False where no such container runs.</returns>
    [AlwaysInterleave]
    [Alias("kill-container")]
    Task<bool> KillContainer(string podKey, string uid, string container);

    /// <summary>Runs a command in a container of a pod on the node.</summary>
    [AlwaysInterleave]
    [Alias("exec")]
    Task<StreamReply> Exec(string podKey, ExecRequest request);

    /// <summary>Takes part in a container's first process.</summary>
    [AlwaysInterleave]
    [Alias("attach")]
    Task<StreamReply> Attach(string podKey, AttachRequest request);

    /// <summary>Connects to a port of a pod on the node.</summary>
    /// <param name="podKey">The pod.</param>
    /// <param name="uid">Its uid: none that took its name is meant. Null for whichever has it.</param>
    /// <param name="port">The port.</param>
    /// <param name="from">Who connects, as an IP endpoint's text.</param>
    [AlwaysInterleave]
    [Alias("connect")]
    Task<StreamReply> Connect(string podKey, string? uid, int port, string from);

    /// <summary>Finds where reading a container's log begins.</summary>
    [AlwaysInterleave]
    [Alias("begin-log")]
    Task<LogReply> BeginLog(string podKey, LogRequest request);

    /// <summary>Reads on in a log.</summary>
    /// <param name="place">Whose log.</param>
    /// <param name="follow">More is waited for a while.</param>
    /// <param name="from">Where to go on.</param>
    [AlwaysInterleave]
    [Alias("read-log")]
    Task<LogReply> ReadLog(LogPlace place, bool follow, long from);

    /// <summary>What came out of a stream; waits a while for it.</summary>
    [AlwaysInterleave]
    [Alias("read-stream")]
    Task<StreamPart> ReadStream(string stream);

    /// <summary>Hands bytes into a stream; waits a while for room.</summary>
    /// <returns>How many were taken; <see cref="NodeStream.Closed"/> where nobody takes any more.</returns>
    [AlwaysInterleave]
    [Alias("write-stream")]
    Task<int> WriteStream(string stream, ReadOnlyMemory<byte> bytes);

    /// <summary>Nothing more is handed into a stream.</summary>
    [AlwaysInterleave]
    [Alias("end-stream-input")]
    Task EndStreamInput(string stream);

    /// <summary>The terminal that shows a stream has another size.</summary>
    [AlwaysInterleave]
    [Alias("resize-stream")]
    Task ResizeStream(string stream, int columns, int rows);

    /// <summary>Closes a stream.</summary>
    [AlwaysInterleave]
    [Alias("close-stream")]
    Task CloseStream(string stream);
}
