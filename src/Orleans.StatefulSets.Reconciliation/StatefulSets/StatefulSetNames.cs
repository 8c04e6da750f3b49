using System.Globalization;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>Names of a set's pods and claims.</summary>
public static class StatefulSetNames
{
    /// <summary><c>web-0</c>.</summary>
    public static string Pod(string set, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{set}-{ordinal}");

    /// <summary><c>www-web-0</c>.</summary>
    public static string Claim(string set, string template, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{template}-{set}-{ordinal}");

    /// <summary>The ordinal of a pod's name, or -1 when the name is not one that the set gives (<c>web-00</c> is not).</summary>
    public static int OrdinalOf(string set, string pod)
    {
        if (pod.Length <= set.Length + 1 || pod[set.Length] != '-' || !pod.StartsWith(set, StringComparison.Ordinal))
        {
            return -1;
        }

        var digits = pod.AsSpan(set.Length + 1);
        var plain = digits.Length == 1 || digits[0] != '0';
        return plain && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : -1;
    }
}
