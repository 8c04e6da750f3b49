using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Cli.State;

/// <summary>The kubeconfig of a cluster: that of one of its servers, with the balancer's address.</summary>
internal static partial class Kubeconfigs
{
    /// <summary>Puts another address in.</summary>
    public static string Redirect(string text, Uri to) => ServerLine().Replace(text, $"$1\"{to.GetLeftPart(UriPartial.Authority)}\"");

    [GeneratedRegex(@"^( *server: *).*$", RegexOptions.Multiline)]
    private static partial Regex ServerLine();
}
