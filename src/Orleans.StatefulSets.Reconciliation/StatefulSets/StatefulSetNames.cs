using System.Globalization;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>Names of a set's pods and claims.</summary>
public static class StatefulSetNames
{
    /// <summary><c>web-0</c>.</summary>
    public static string Pod(string set, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{set}-{ordinal}");

    /// <summary><c>www-web-0</c>.</summary>
    public static string Claim(string set, string template, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{template}-{set}-{ordinal}");

    /// <summary>The name of the set that gives a pod such a name; null where none does.</summary>
    public static string? SetOfPod(string pod) => pod.LastIndexOf('-') is > 0 and var dash && OrdinalOf(pod[..dash], pod) >= 0 ? pod[..dash] : null;

    /// <summary>The names of the sets that may give a claim such a name: <c>a-b-c-0</c> may be of a set <c>c</c>, and of <c>b-c</c>.</summary>
    public static IEnumerable<string> SetsOfClaim(string claim)
    {
        if (SetOfPod(claim) is not { } stem)
        {
            yield break;
        }

        for (var dash = stem.IndexOf('-'); dash > 0 && dash < stem.Length - 1; dash = stem.IndexOf('-', dash + 1))
        {
            yield return stem[(dash + 1)..];
        }
    }

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
