using System.IO.Pipelines;

namespace Orleans.StatefulSets.Api.Streams.PortForwards;

/// <summary>The client's end of one forwarded connection, whichever protocol carries it.</summary>
internal interface IForwardClient
{
    /// <summary>What the client sends, to its end.</summary>
    PipeReader Received { get; }

    /// <summary>Ends when the client wants no more of it, or goes.</summary>
    CancellationToken Dropped { get; }

    /// <summary>Sends what the pod sent.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Tells why there is no connection. kubectl ends its whole forward at that, as with a real cluster.</summary>
    ValueTask FailAsync(string why, CancellationToken cancellation);

    /// <summary>Nothing more comes.</summary>
    ValueTask EndAsync(CancellationToken cancellation);
}
