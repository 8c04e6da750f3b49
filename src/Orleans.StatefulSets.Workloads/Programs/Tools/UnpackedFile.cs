using System.IO.Compression;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>What a gzip file holds, as an open file to read. The packed bytes are held whole, as much as the process may hold; the unpacked never are.</summary>
internal sealed class UnpackedFile(ToolCall call, ByteReader packed) : IOpenFile
{
    private GZipStream? stream;

    public bool IsTerminal => false;

    public (IFileTree Tree, long Node)? File => null;

    /// <exception cref="InvalidDataException">It is none, or broken; the message is busybox's.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (stream is null)
        {
            var bytes = ByteText.ToBytes(await packed.ReadToEndAsync());
            if (bytes.Length < 2 || bytes[0] != 0x1F || bytes[1] != 0x8B)
            {
                throw new InvalidDataException(bytes.Length < 2 ? "short read" : "invalid magic");
            }

            stream = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        }

        await call.Process.StepAsync(1 + (buffer.Length / 4096));
        try
        {
            return stream.Read(buffer.Span);
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException("corrupted data", failure);
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => throw new FileException(Errno.EBADF);

    public void Share()
    {
        // It belongs to its reader alone.
    }

    public ValueTask CloseAsync() => stream?.DisposeAsync() ?? default;
}
