using System.IO.Pipelines;
using System.Threading.Channels;
using k8s.Models;

namespace Orleans.StatefulSets.Api.Streams.Commands;

/// <summary>The client's end of one <c>exec</c> or <c>attach</c>, whichever protocol carries it.</summary>
internal interface IRemoteCommandClient : IAsyncDisposable
{
    /// <summary>What the client types, to its end; null where it sends nothing. It ends with the client too: <see cref="Gone"/> has ended before.</summary>
    PipeReader? Stdin { get; }

    /// <summary>The sizes that the client's terminal takes.</summary>
    ChannelReader<TerminalSize> Sizes { get; }

    /// <summary>Ends when the client goes.</summary>
    CancellationToken Gone { get; }

    /// <summary>Sends bytes of standard output or error.</summary>
    ValueTask SendAsync(bool isError, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Tells how the command ended, and that nothing more comes. The client closes the connection when it has read everything.</summary>
    ValueTask FinishAsync(V1Status status, CancellationToken cancellation);
}
