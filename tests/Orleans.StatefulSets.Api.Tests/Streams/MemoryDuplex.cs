using System.IO.Pipelines;

namespace Orleans.StatefulSets.Api.Tests.Streams;

/// <summary>A connection in memory. Each direction holds no more than a pipe does.</summary>
internal sealed class MemoryDuplex : IAsyncDisposable
{
    private readonly Pipe up = new();
    private readonly Pipe down = new();

    public MemoryDuplex()
    {
        Server = new Duplex(up.Reader.AsStream(), down.Writer.AsStream());
        Client = new Duplex(down.Reader.AsStream(), up.Writer.AsStream());
    }

    /// <summary>What the server reads and writes.</summary>
    public Stream Server { get; }

    /// <summary>What the client reads and writes.</summary>
    public Stream Client { get; }

    /// <summary>The client goes.</summary>
    public async ValueTask DisposeAsync()
    {
        await up.Writer.CompleteAsync();
        await down.Reader.CompleteAsync();
    }
}
