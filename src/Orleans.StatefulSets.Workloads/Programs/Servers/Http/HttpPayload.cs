using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>The body of a response.</summary>
internal abstract class HttpPayload : IAsyncDisposable
{
    /// <summary>Bytes; null where nobody knows before the end.</summary>
    public abstract long? Length { get; }

    /// <summary>The next bytes; empty at the end. Valid until the next read.</summary>
    public abstract ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation);

    /// <summary>Lets go of what it comes from.</summary>
    public virtual ValueTask DisposeAsync() => default;
}

/// <summary>Bytes that are there.</summary>
internal sealed class BytesPayload(ReadOnlyMemory<byte> bytes, bool tellsLength = true) : HttpPayload
{
    private ReadOnlyMemory<byte> left = bytes;

    public override long? Length { get; } = tellsLength ? bytes.Length : null;

    public override ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        var all = left;
        left = default;
        return new(all);
    }
}

/// <summary>A part of an open file, which is closed behind it.</summary>
internal sealed class FilePayload(IOpenFile file, long length) : HttpPayload
{
    private const int MostPiece = 32_768;
    private byte[]? buffer;
    private long left = length;

    public override long? Length { get; } = length;

    public override async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        buffer ??= new byte[Math.Min(MostPiece, left)];
        var count = left == 0 ? 0 : await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellation);
        left -= count;
        return buffer.AsMemory(0, count);
    }

    public override ValueTask DisposeAsync() => file.CloseAsync();
}
