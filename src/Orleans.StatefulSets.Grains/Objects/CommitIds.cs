using System.Buffers.Binary;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>Names for commits that no other process gives: half drawn once, half counted.</summary>
internal sealed class CommitIds(IIdentitySource identities)
{
    private readonly byte[] process = Guid.Parse(identities.NewUid()).ToByteArray();
    private long count;

    /// <summary>How many commits one id stands for: as often as a write is decided anew after a conflict.</summary>
    public const int Attempts = 16;

    /// <summary>The id of a write's next attempt: another commit, for one that was refused stays refused.</summary>
    public static Guid OfAttempt(Guid id, int attempt)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        bytes[8] += (byte)attempt;
        return new Guid(bytes);
    }

    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        process.AsSpan(0, 8).CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Interlocked.Add(ref count, Attempts));
        return new Guid(bytes);
    }
}
