using k8s;
using k8s.KubeConfigModels;

namespace Orleans.StatefulSets.Server.Startup;

/// <summary>
/// The file that tells kubectl and client libraries where the cluster is. It carries a token because the C# client refuses a user
/// without credentials; the token outlives restarts, so that what was configured with it stays valid.
/// </summary>
/// <param name="Path">The absolute path of the file.</param>
/// <param name="Token">The bearer token in it.</param>
public sealed record Kubeconfig(string Path, string Token)
{
    /// <summary>The name of the cluster, the context and the user in the file.</summary>
    public const string Name = "orleans-statefulsets";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes <c>kubeconfig</c> into the data folder, which is made if it is missing. Readers see the old file or the new one, nothing between.</summary>
    /// <param name="directory">The data folder.</param>
    /// <param name="url">Where the API listens. An address that stands for all of the machine's is written as loopback.</param>
    /// <param name="newToken">The token where the folder has none yet: letters, digits, dots, dashes and underscores.</param>
    /// <exception cref="StartupException">There is a file of that name which this program did not write.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder belongs to somebody else.</exception>
    public static Kubeconfig Write(string directory, Uri url, string newToken)
    {
        Directory.CreateDirectory(directory);
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, "kubeconfig"));
        var kubeconfig = new Kubeconfig(path, File.Exists(path) ? ReadToken(path) : newToken);
        var text = Text(Reachable(url), kubeconfig.Token);
        if (!File.Exists(path) || File.ReadAllText(path) != text)
        {
            Replace(path, text);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }

        return kubeconfig;
    }

    private static void Replace(string path, string text)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(temporary, options))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(text);
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static string ReadToken(string path) =>
        Load(path)?.Users?.FirstOrDefault(user => user.Name == Name)?.UserCredentials?.Token is { Length: > 0 } token
            ? token
            : throw new StartupException($"{path} was not written by this program: move it away, or choose another folder with --data");

    private static K8SConfiguration? Load(string path)
    {
        try
        {
            return KubernetesYaml.Deserialize<K8SConfiguration>(File.ReadAllText(path));
        }
        catch (YamlDotNet.Core.YamlException)
        {
            return null;
        }
    }

    private static string Reachable(Uri url) => url.Host switch
    {
        "0.0.0.0" => $"http://127.0.0.1:{url.Port}",
        "[::]" => $"http://[::1]:{url.Port}",
        _ => url.GetLeftPart(UriPartial.Authority),
    };

    // There is no TLS to verify; the JavaScript client wants to hear that before it speaks http.
    private static string Text(string server, string token) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: {Name}
          cluster:
            server: "{server}"
            insecure-skip-tls-verify: true
        users:
        - name: {Name}
          user:
            token: "{token}"
        contexts:
        - name: {Name}
          context:
            cluster: {Name}
            user: {Name}
            namespace: default
        current-context: {Name}
        preferences: {"{}"}

        """;
}
