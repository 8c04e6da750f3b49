namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Names with numbers in them in the order of the numbers (<c>strverscmp(3)</c> for what people have).</summary>
internal static class VersionOrder
{
    public static int Compare(string one, string other)
    {
        var (at, to) = (0, 0);
        while (at < one.Length && to < other.Length)
        {
            if (char.IsAsciiDigit(one[at]) && char.IsAsciiDigit(other[to]))
            {
                var (left, right) = (Digits(one, ref at), Digits(other, ref to));
                var compared = left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);
                if (compared != 0)
                {
                    return compared;
                }

                continue;
            }

            if (one[at] != other[to])
            {
                return one[at].CompareTo(other[to]);
            }

            at++;
            to++;
        }

        return (one.Length - at).CompareTo(other.Length - to);
    }

    private static string Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return text[start..at].TrimStart('0');
    }
}
