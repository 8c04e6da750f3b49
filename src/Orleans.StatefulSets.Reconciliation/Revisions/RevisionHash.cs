using System.Globalization;
using System.Text;

namespace Orleans.StatefulSets.Reconciliation.Revisions;

/// <summary>The hash in a revision's name (upstream <c>pkg/controller/history/controller_history.go</c>, <c>HashControllerRevision</c>).</summary>
public static class RevisionHash
{
    private const string SafeAlphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int LongestPrefix = 223;

    /// <summary>FNV-1 over the data and the decimal collision count, its decimal digits written in letters that spell no word.</summary>
    public static string Of(RevisionData data, int collisionCount)
    {
        var hash = Add(2166136261, data.Bytes.Span);
        hash = Add(hash, Encoding.ASCII.GetBytes(collisionCount.ToString(CultureInfo.InvariantCulture)));
        return string.Concat(hash.ToString(CultureInfo.InvariantCulture).Select(digit => SafeAlphabet[digit % SafeAlphabet.Length]));
    }

    /// <summary><c>&lt;set&gt;-&lt;hash&gt;</c>.</summary>
    public static string Name(string set, string hash) => $"{(set.Length > LongestPrefix ? set[..LongestPrefix] : set)}-{hash}";

    private static uint Add(uint hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var octet in bytes)
        {
            hash = unchecked(hash * 16777619) ^ octet;
        }

        return hash;
    }
}
