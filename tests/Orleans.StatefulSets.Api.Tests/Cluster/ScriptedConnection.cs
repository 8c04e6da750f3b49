using System.IO.Pipelines;
using Orleans.StatefulSets.Api.Tests.Streams;
using Orleans.StatefulSets.Grains.Streaming;

namespace Orleans.StatefulSets.Api.Tests.Cluster;

/// <summary>A connection to a server of a few lines of C#.</summary>
public sealed class ScriptedConnection : IPodConnection
{
    private readonly Pipe up = new(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false));
    private readonly Pipe down = new(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false));
    private readonly Stream fromServer;
    private IOException? broken;

    public ScriptedConnection(Func<Stream, Task> server)
    {
        fromServer = down.Reader.AsStream();
        _ = ServeAsync(server);
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) =>
        await fromServer.ReadAsync(buffer, cancellation) is > 0 and var count ? count : broken is null ? 0 : throw broken;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => await up.Writer.WriteAsync(bytes, cancellation);

    public ValueTask EndWritingAsync(CancellationToken cancellation) => up.Writer.CompleteAsync();

    public async ValueTask DisposeAsync()
    {
        await up.Writer.CompleteAsync();
        await down.Reader.CompleteAsync();
    }

    private async Task ServeAsync(Func<Stream, Task> server)
    {
        await Task.Yield();
        await using var own = new Duplex(up.Reader.AsStream(), down.Writer.AsStream());
        try
        {
            await server(own);
        }
        catch (IOException failure)
        {
            broken = failure;
        }
    }
}
