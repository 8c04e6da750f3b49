using System.Security.Cryptography;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Chance;

/// <summary>Identities from the operating system's randomness: what a server uses when no seed was given.</summary>
public sealed class RandomIdentitySource : IIdentitySource
{
    /// <summary>The characters of a generated name's end (apimachinery <c>util/rand</c>: no vowels, so no words).</summary>
    public const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <inheritdoc/>
    public string NewUid()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return Uuid(bytes);
    }

    /// <inheritdoc/>
    public string NewNameSuffix() => RandomNumberGenerator.GetString(Alphabet, 5);

    internal static string Uuid(Span<byte> bytes)
    {
        // The version (4, random) and the variant of RFC 9562.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
