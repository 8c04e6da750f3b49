using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Server.Startup;

/// <summary>What is printed once the API is ready: where it is, what to type next, how to end it.</summary>
public sealed record Banner
{
    /// <summary>What the server was started with.</summary>
    public required ServerOptions Options { get; init; }

    /// <summary>The path of the kubeconfig.</summary>
    public required string KubeconfigPath { get; init; }

    /// <summary>Whether the user's kubectl has a kubeconfig of its own, and so would not look at localhost:8080 by itself.</summary>
    public required bool OtherKubeconfig { get; init; }

    /// <summary>Whether to use bold type: on a terminal, unless NO_COLOR is set.</summary>
    public bool Styled { get; init; }

    /// <summary>A banner for this process's terminal and environment.</summary>
    public static Banner ForThisProcess(ServerOptions options, string kubeconfigPath) => new()
    {
        Options = options,
        KubeconfigPath = kubeconfigPath,
        OtherKubeconfig = HasOtherKubeconfig(),
        Styled = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
    };

    /// <summary>What a silo without an API says, ending with a line break.</summary>
    public static string OfSilo(ServerOptions options) =>
        $"Orleans.StatefulSets {ServerCommandLine.Version}: a silo at {options.SiloAddress}:{options.SiloPort} of the cluster kept by {PostgresAddress.Parse(options.ConnectionString!).Name}; health at {UrlText.Write(options.Urls[0])}/readyz\n";

    /// <summary>The text, ending with a line break.</summary>
    public string Write()
    {
        var lines = new List<string>
        {
            $"{Bold("Orleans.StatefulSets")} {ServerCommandLine.Version}: Kubernetes 1.33 API at {Bold(Url)}, {Nodes}",
            "",
            "  kubectl get nodes",
            "  kubectl apply -f https://k8s.io/examples/application/web/web.yaml",
            "  kubectl get pods -w",
            "",
            $"Ctrl-C stops it. {Kept}",
        };
        if (Options.Dns is { } dns)
        {
            lines.Insert(lines.Count - 2, $"  dig @{dns.Address} -p {dns.Port} SRV nginx.default.svc.cluster.local");
        }

        if (OtherKubeconfig || !IsWhereKubectlLooks)
        {
            lines.Insert(2, $"  export KUBECONFIG={Quoted(KubeconfigPath)}");
        }

        return string.Join('\n', lines) + "\n";
    }

    private string Url => UrlText.Write(Options.Urls[0]);

    private string Nodes => Options.NodeCount == 1 ? "1 node" : $"{Options.NodeCount} nodes";

    private string Kept => Options.Storage switch
    {
        StorageKind.Sqlite => $"The cluster is kept in {Options.DataDirectory}.",
        StorageKind.Postgres => $"The cluster is kept by {PostgresAddress.Parse(Options.ConnectionString!).Name}.",
        _ => "The cluster is in memory and goes with it.",
    };

    // kubectl without a kubeconfig asks http://localhost:8080.
    private bool IsWhereKubectlLooks => Options.Urls.Any(url => url.Port == 8080 && (url.IsLoopback || url.Host == "0.0.0.0"));

    private string Bold(string text) => Styled ? $"\e[1m{text}\e[0m" : text;

    private static string Quoted(string path) =>
        path.All(character => char.IsAsciiLetterOrDigit(character) || "/._-".Contains(character, StringComparison.Ordinal))
            ? path
            : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static bool HasOtherKubeconfig() =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBECONFIG"))
        || File.Exists(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config"));
}
