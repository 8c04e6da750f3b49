using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>
/// An open file description: a file, one end of a pipe, a device, a terminal, a connection. Descriptors of several processes may share
/// it, as after a fork; it closes when the last of them does.
/// </summary>
public interface IOpenFile
{
    /// <summary>Reads at least one byte, waiting for it; 0 at the end.</summary>
    /// <exception cref="FileException">EBADF, EISDIR, EIO …</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Writes all bytes, waiting for room.</summary>
    /// <exception cref="FileException">EPIPE where nobody reads any more, ENOSPC …</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Whether it is a terminal (<c>isatty</c>).</summary>
    bool IsTerminal { get; }

    /// <summary>The file behind it, where there is one: its tree and inode.</summary>
    (IFileTree Tree, long Node)? File { get; }

    /// <summary>One descriptor more shares it.</summary>
    void Share();

    /// <summary>One descriptor fewer; the last one closes it.</summary>
    ValueTask CloseAsync();
}
