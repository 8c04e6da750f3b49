using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Threading.Channels;
using k8s.Models;

namespace Orleans.StatefulSets.Api.Streams.Commands;

/// <summary><c>exec</c> and <c>attach</c> over a WebSocket: kubectl from 1.30 on, and the C#, JavaScript and Python clients. A message's first byte is its channel.</summary>
internal sealed class WebSocketRemoteCommand : IRemoteCommandClient
{
    private const int MostMessageBytes = 1 << 20;
    private const int SentAtOnce = 32 * 1024;
    private const byte StdinChannel = 0;
    private const byte StdoutChannel = 1;
    private const byte StderrChannel = 2;
    private const byte ErrorChannel = 3;
    private const byte ResizeChannel = 4;
    private const byte CloseSignal = 255;

    private readonly WebSocket socket;
    private readonly CancellationTokenSource gone;
    private readonly Task running;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly Pipe? stdin;
    private readonly Channel<TerminalSize> sizes = TerminalSizes.NewChannel();
    private bool stdinEnded;

    /// <param name="socket">The accepted socket, with subprotocol v4 or v5.</param>
    /// <param name="query">The request.</param>
    /// <param name="aborted">The connection's end.</param>
    public WebSocketRemoteCommand(WebSocket socket, RemoteCommandQuery query, CancellationToken aborted)
    {
        this.socket = socket;
        gone = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        stdin = query.Stdin ? new Pipe(new PipeOptions(pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024, useSynchronizationContext: false)) : null;
        running = RunAsync(gone.Token);
    }

    public PipeReader? Stdin => stdin?.Reader;

    public ChannelReader<TerminalSize> Sizes => sizes.Reader;

    public CancellationToken Gone => gone.Token;

    public async ValueTask SendAsync(bool isError, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, SentAtOnce)];
            bytes = bytes[part.Length..];
            await SendAsync(isError ? StderrChannel : StdoutChannel, part, cancellation);
        }
    }

    public async ValueTask FinishAsync(V1Status status, CancellationToken cancellation)
    {
        await SendAsync(ErrorChannel, RemoteCommandStatus.Encode(status), cancellation);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        await running;
        socket.Dispose();
        writing.Dispose();
        gone.Dispose();
    }

    private async ValueTask SendAsync(byte channel, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var message = new byte[1 + bytes.Length];
        message[0] = channel;
        bytes.CopyTo(message.AsMemory(1));
        await writing.WaitAsync(cancellation);
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancellation);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await ReceiveAsync(buffer, cancellation) is { Length: > 0 } message)
            {
                if (!await TakeAsync(message, cancellation))
                {
                    break;
                }
            }
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or IOException or InvalidDataException)
        {
            // The session ends below.
        }
        finally
        {
            stdin?.Writer.Complete();
            await gone.CancelAsync();
        }
    }

    /// <returns>Whether to read on.</returns>
    private async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        switch (message.Span[0])
        {
            case StdinChannel when stdin is not null && !stdinEnded:
                await stdin.Writer.WriteAsync(message[1..], cancellation);
                return true;
            case ResizeChannel:
                if (TerminalSizes.Parse(message.Span[1..]) is { } size)
                {
                    sizes.Writer.TryWrite(size);
                }

                return true;
            case CloseSignal:
                // Version 5: the channel in the second byte has ended.
                if (message.Length > 1 && message.Span[1] == StdinChannel && stdin is not null)
                {
                    stdinEnded = true;
                    await stdin.Writer.CompleteAsync();
                }

                return true;
            default:
                return true;
        }
    }

    /// <returns>One whole message; empty at the end.</returns>
    private async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(byte[] buffer, CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return default;
            }

            if (part.EndOfMessage && whole.Length == 0)
            {
                return buffer.AsMemory(0, part.Count);
            }

            whole.Write(buffer, 0, part.Count);
            if (whole.Length > MostMessageBytes)
            {
                throw new InvalidDataException("a message is too large");
            }

            if (part.EndOfMessage)
            {
                return whole.ToArray();
            }
        }
    }
}
