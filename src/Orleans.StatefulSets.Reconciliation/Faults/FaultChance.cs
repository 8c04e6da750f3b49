using System.Text;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>Whether chance hits, as a hash: the same fault does the same to the same again, on whatever silo it is asked.</summary>
public static class FaultChance
{
    private const ulong FnvOffset = 0xCBF2_9CE4_8422_2325;
    private const ulong FnvPrime = 0x0000_0100_0000_01B3;

    /// <summary>Whether a target is hit.</summary>
    /// <param name="seed">The fault's seed.</param>
    /// <param name="purpose">What for: the fault's action and name.</param>
    /// <param name="target">Who.</param>
    /// <param name="attempt">Which time, from 0.</param>
    /// <param name="percent">From 0 (never) to 100 (always).</param>
    public static bool Hits(long seed, string purpose, string target, long attempt, int percent) =>
        percent >= 100 || (percent > 0 && Below(100, Draw(seed, purpose, target, attempt)) < percent);

    /// <summary>A draw of 64 bits.</summary>
    public static ulong Draw(long seed, string purpose, string target, long attempt)
    {
        var hash = Add(FnvOffset, seed);
        hash = Add(hash, purpose);
        hash = Add(hash, target);
        return Mix(Add(hash, attempt));
    }

    private static int Below(int bound, ulong draw) => (int)(((UInt128)draw * (uint)bound) >> 64);

    private static ulong Add(ulong hash, long number)
    {
        for (var shift = 0; shift < 64; shift += 8)
        {
            hash = (hash ^ (byte)(number >> shift)) * FnvPrime;
        }

        return hash;
    }

    // The zero byte after it keeps "a" + "bc" and "ab" + "c" apart.
    private static ulong Add(ulong hash, string text)
    {
        foreach (var part in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ part) * FnvPrime;
        }

        return hash * FnvPrime;
    }

    // The finalizer of splitmix64: FNV alone leaves its upper bits poorly mixed.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
