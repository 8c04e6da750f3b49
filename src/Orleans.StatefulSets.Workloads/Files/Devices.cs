using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>Character devices, by the name that their inode carries.</summary>
internal static class Devices
{
    /// <exception cref="FileException">ENXIO: no such device, or no terminal behind <c>/dev/tty</c>.</exception>
    public static IOpenFile Open(string name, Caller by, int seed) => name switch
    {
        "null" => new Device(static _ => 0, static _ => { }),
        "zero" => new Device(Zeros, static _ => { }),
        "full" => new Device(Zeros, static _ => throw new FileException(Errno.ENOSPC)),
        "random" or "urandom" => Random(new Random(seed)),
        "tty" => Shared(by.Files?.Numbers.Select(number => by.Files[number]).FirstOrDefault(file => file!.IsTerminal)),
        "stdin" => Shared(by.Files?[0]),
        "stdout" => Shared(by.Files?[1]),
        "stderr" => Shared(by.Files?[2]),
        _ => throw new FileException(Errno.ENXIO),
    };

    private static Device Random(Random random) => new(
        buffer =>
        {
            random.NextBytes(buffer.Span);
            return buffer.Length;
        },
        static _ => { });

    private static int Zeros(Memory<byte> buffer)
    {
        buffer.Span.Clear();
        return buffer.Length;
    }

    private static IOpenFile Shared(IOpenFile? file)
    {
        file = file ?? throw new FileException(Errno.ENXIO);
        file.Share();
        return file;
    }

    private sealed class Device(Func<Memory<byte>, int> read, Action<int> written) : IOpenFile
    {
        public bool IsTerminal => false;

        public (IFileTree Tree, long Node)? File => null;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            return new(read(buffer));
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            written(bytes.Length);
            return default;
        }

        public void Share()
        {
            // It has nothing to close.
        }

        public ValueTask CloseAsync() => default;
    }
}
