using System.Globalization;

namespace Orleans.StatefulSets.Server.Options;

/// <summary>Sizes in bytes: <c>64MiB</c>, <c>512KiB</c>, <c>1GiB</c> or a bare number of bytes.</summary>
internal static class SizeText
{
    public const long KiB = 1024;
    public const long MiB = 1024 * KiB;
    public const long GiB = 1024 * MiB;

    private static readonly (string Suffix, long Bytes)[] Units = [("GiB", GiB), ("MiB", MiB), ("KiB", KiB)];

    public static bool TryParse(string text, out long bytes)
    {
        var (suffix, factor) = Units.FirstOrDefault(unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal), ("", 1));
        var number = text.AsSpan(0, text.Length - suffix.Length);
        bytes = 0;
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue / factor)
        {
            return false;
        }

        bytes = count * factor;
        return true;
    }

    public static string Write(long bytes)
    {
        var (suffix, factor) = Units.FirstOrDefault(unit => bytes >= unit.Bytes && bytes % unit.Bytes == 0, ("", 1));
        return (bytes / factor).ToString(CultureInfo.InvariantCulture) + suffix;
    }
}
