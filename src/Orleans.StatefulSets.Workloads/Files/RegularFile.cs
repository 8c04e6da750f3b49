using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>An open file of a tree, with its offset. A directory opens too, to be handed on; it reads as EISDIR.</summary>
public sealed class RegularFile : IOpenFile
{
    private const int Block = 4096;
    private const int Chunk = 65_536;
    private readonly IFileTree tree;
    private readonly FileNode opened;
    private readonly OpenMode mode;
    private int shares = 1;

    internal RegularFile(IFileTree tree, FileNode opened, OpenMode mode)
    {
        this.tree = tree;
        this.opened = opened;
        this.mode = mode;
    }

    /// <summary>Where the next read or write begins, in bytes (<c>lseek(2)</c>).</summary>
    public long Offset { get; set; }

    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (IFileTree Tree, long Node)? File => (tree, opened.Number);

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Require(mode.HasFlag(OpenMode.Read));
        var bytes = await tree.ReadAsync(opened.Number, Offset, Math.Min(buffer.Length, Chunk));
        bytes.CopyTo(buffer);
        Offset += bytes.Length;
        return bytes.Length;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        Require(mode.HasFlag(OpenMode.Write));
        while (bytes.Length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var part = bytes[..Math.Min(bytes.Length, Chunk)];
            try
            {
                await WritePartAsync(part);
            }
            catch (FileException failure) when (failure.Code is Errno.ENOSPC or Errno.EFBIG && part.Length > Block)
            {
                // The tree took none of it; what still fits is written as a real disk would write it, then the error comes again.
                await FillAsync(part);
                throw;
            }

            bytes = bytes[part.Length..];
        }
    }

    /// <inheritdoc/>
    public void Share() => shares++;

    /// <inheritdoc/>
    public async ValueTask CloseAsync()
    {
        if (--shares == 0)
        {
            await tree.ReleaseAsync(opened.Number);
        }
    }

    private async ValueTask WritePartAsync(ReadOnlyMemory<byte> part) =>
        Offset = await tree.WriteAsync(opened.Number, mode.HasFlag(OpenMode.Append) ? null : Offset, part);

    private async ValueTask FillAsync(ReadOnlyMemory<byte> part)
    {
        while (part.Length > 0)
        {
            var next = part[..(int)Math.Min(part.Length, Block - (Offset % Block))];
            try
            {
                await WritePartAsync(next);
            }
            catch (FileException failure) when (failure.Code is Errno.ENOSPC or Errno.EFBIG)
            {
                return;
            }

            part = part[next.Length..];
        }
    }

    private void Require(bool allowed)
    {
        if (!allowed)
        {
            throw new FileException(Errno.EBADF);
        }

        if (opened.IsDirectory)
        {
            throw new FileException(Errno.EISDIR);
        }
    }
}
