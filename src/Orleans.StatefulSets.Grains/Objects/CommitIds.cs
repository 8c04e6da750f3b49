using System.Buffers.Binary;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>Names for commits that no other process gives: half drawn once, half counted.</summary>
internal sealed class CommitIds(IIdentitySource identities)
{
    private readonly byte[] process = Guid.Parse(identities.NewUid()).ToByteArray();
    private long count;

    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        process.AsSpan(0, 8).CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Interlocked.Increment(ref count));
        return new Guid(bytes);
    }
}
