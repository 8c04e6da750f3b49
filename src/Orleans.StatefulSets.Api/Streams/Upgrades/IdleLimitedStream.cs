namespace Orleans.StatefulSets.Api.Streams.Upgrades;

/// <summary>A connection that is given up when nothing has moved on it, either way, for too long (a kubelet's <c>streamingConnectionIdleTimeout</c>).</summary>
internal sealed class IdleLimitedStream : Stream
{
    private readonly Stream connection;
    private readonly TimeSpan patience;
    private readonly ITimer timer;

    /// <param name="connection">The connection.</param>
    /// <param name="patience">How long it may be silent.</param>
    /// <param name="wall">The host's clock.</param>
    /// <param name="giveUp">Ends the connection.</param>
    public IdleLimitedStream(Stream connection, TimeSpan patience, TimeProvider wall, Action giveUp)
    {
        this.connection = connection;
        this.patience = patience;
        timer = wall.CreateTimer(_ => giveUp(), null, patience, Timeout.InfiniteTimeSpan);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await connection.ReadAsync(buffer, cancellationToken);
        timer.Change(patience, Timeout.InfiniteTimeSpan);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await connection.WriteAsync(buffer, cancellationToken);
        timer.Change(patience, Timeout.InfiniteTimeSpan);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        await connection.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            timer.Dispose();
            connection.Dispose();
        }

        base.Dispose(disposing);
    }
}
