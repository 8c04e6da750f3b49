using Orleans.StatefulSets.Cli.Clusters;

namespace Orleans.StatefulSets.Cli.Display;

/// <summary>What is printed once a cluster is ready: where it is, what to type next, how to end it.</summary>
internal static class Announcement
{
    public static IEnumerable<string> Of(UpOptions options, string kubeconfig, string end)
    {
        yield return $"Kubernetes 1.33 API at {options.Url.GetLeftPart(UriPartial.Authority)}, served by {Served(options)}";
        yield return "";
        yield return $"  export KUBECONFIG={Quoted(kubeconfig)}";
        yield return "  kubectl get nodes";
        yield return "";
        yield return end;
    }

    /// <summary>A word as a shell takes it.</summary>
    public static string Quoted(string word) =>
        word.All(character => char.IsAsciiLetterOrDigit(character) || "/._-".Contains(character, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string Served(UpOptions options) => options.ApiServers == 0
        ? Count(options.Silos, "silo", "silos")
        : $"{Count(options.ApiServers, "API process", "API processes")} before {Count(options.Silos, "silo", "silos")}";

    private static string Count(int number, string one, string several) => FormattableString.Invariant($"{number} {(number == 1 ? one : several)}");
}
