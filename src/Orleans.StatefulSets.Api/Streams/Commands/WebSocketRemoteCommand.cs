using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Threading.Channels;
using k8s.Models;
using Orleans.StatefulSets.Api.Streams.Channels;
using Orleans.StatefulSets.Api.Streams.Upgrades;

namespace Orleans.StatefulSets.Api.Streams.Commands;

/// <summary><c>exec</c> and <c>attach</c> over a WebSocket: kubectl from 1.30 on, and the C#, JavaScript and Python clients. A message's first byte is its channel.</summary>
internal sealed class WebSocketRemoteCommand : IRemoteCommandClient
{
    private const byte StdinChannel = 0;
    private const byte StdoutChannel = 1;
    private const byte StderrChannel = 2;
    private const byte ErrorChannel = 3;
    private const byte ResizeChannel = 4;
    private const byte CloseSignal = 255;

    // kubectl throws away what comes before it has made its streams, a moment after the handshake.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(40);

    private readonly ChannelSocket socket;
    private readonly CommandProtocol protocol;
    private readonly RemoteCommandQuery query;
    private readonly CancellationTokenSource gone;
    private readonly Task running;
    private readonly Task settled;
    private readonly Pipe? stdin;
    private readonly Channel<TerminalSize> sizes = TerminalSizes.NewChannel();
    private bool stdinEnded;

    /// <param name="socket">The accepted socket.</param>
    /// <param name="protocol">Its subprotocol.</param>
    /// <param name="query">The request.</param>
    /// <param name="wall">The host's clock.</param>
    /// <param name="aborted">The connection's end.</param>
    public WebSocketRemoteCommand(WebSocket socket, CommandProtocol protocol, RemoteCommandQuery query, TimeProvider wall, CancellationToken aborted)
    {
        this.socket = new ChannelSocket(socket, protocol.IsBase64);
        this.protocol = protocol;
        this.query = query;
        gone = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        stdin = query.Stdin ? new Pipe(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false)) : null;
        settled = Task.Delay(Settling, wall, gone.Token);
        running = RunAsync(gone.Token);
    }

    public PipeReader? Stdin => stdin?.Reader;

    public ChannelReader<TerminalSize> Sizes => sizes.Reader;

    public CancellationToken Gone => gone.Token;

    public async ValueTask SendAsync(bool isError, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (!(isError ? query.HasStderr : query.Stdout))
        {
            return;
        }

        await settled;
        await socket.SendAsync(isError ? StderrChannel : StdoutChannel, bytes, cancellation);
    }

    public async ValueTask FinishAsync(V1Status status, CancellationToken cancellation)
    {
        // What the client still types is dropped, so that its connection is read to its end.
        if (stdin is not null)
        {
            await stdin.Reader.CompleteAsync();
        }

        await settled;
        await socket.SendAsync(ErrorChannel, RemoteCommandStatus.Encode(status, protocol.Version), cancellation);
        await socket.CloseAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        await running;
        socket.Dispose();
        gone.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (await socket.ReceiveAsync(cancellation) is { } part)
            {
                await TakeAsync(part, cancellation);
            }
        }
        catch (Exception failure) when (ConnectionEnd.Is(failure))
        {
            // The session ends below.
        }
        finally
        {
            await gone.CancelAsync();
            stdin?.Writer.Complete();
        }
    }

    private async ValueTask TakeAsync(ChannelPart part, CancellationToken cancellation)
    {
        switch (part.Channel)
        {
            case StdinChannel when stdin is not null && !stdinEnded && !part.Bytes.IsEmpty:
                await stdin.Writer.WriteAsync(part.Bytes, cancellation);
                break;
            case ResizeChannel when part.IsWhole:
                if (TerminalSizes.Parse(part.Bytes.Span) is { } size)
                {
                    sizes.Writer.TryWrite(size);
                }

                break;
            case CloseSignal when protocol.Version >= 5 && part is { IsWhole: true, Bytes.Span: [StdinChannel, ..] } && stdin is not null:
                stdinEnded = true;
                await stdin.Writer.CompleteAsync();
                break;
        }
    }
}
