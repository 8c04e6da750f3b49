using System.Buffers.Binary;
using System.Security.Cryptography;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Chance;

/// <summary>Identities as a hash of a seed and a count, so that a run can be repeated.</summary>
public sealed class SeededIdentitySource(ulong seed) : IIdentitySource
{
    private long count;

    /// <inheritdoc/>
    public string NewUid() => RandomIdentitySource.Uuid(Next().AsSpan(0, 16));

    /// <inheritdoc/>
    public string NewNameSuffix() =>
        string.Create(5, Next(), (text, hash) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = RandomIdentitySource.Alphabet[hash[i] % RandomIdentitySource.Alphabet.Length];
            }
        });

    private byte[] Next()
    {
        Span<byte> input = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(input, seed);
        BinaryPrimitives.WriteInt64LittleEndian(input[8..], Interlocked.Increment(ref count));
        return SHA256.HashData(input);
    }
}
