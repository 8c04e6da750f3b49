namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>Chance as a hash: the same seed and number give the same draw, so that a run can be repeated.</summary>
internal static class Chance
{
    /// <summary>A draw of 64 bits (the finalizer of splitmix64 over both).</summary>
    public static ulong Draw(ulong seed, ulong number)
    {
        var mixed = Mix(seed + 0x9E37_79B9_7F4A_7C15) ^ number;
        return Mix(mixed + 0x9E37_79B9_7F4A_7C15);
    }

    /// <summary>A draw from 0 to below a bound.</summary>
    public static int Below(int bound, ulong seed, ulong number) => (int)(((UInt128)Draw(seed, number) * (uint)bound) >> 64);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
