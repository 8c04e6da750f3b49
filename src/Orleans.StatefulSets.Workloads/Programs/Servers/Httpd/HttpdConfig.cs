using System.Globalization;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Httpd;

/// <summary>As much of httpd.conf as is looked at: where it listens, where files are, which is a directory's own, who serves, whether directories are listed.</summary>
internal sealed record HttpdConfig
{
    /// <summary>The file.</summary>
    public const string Path = "/usr/local/apache2/conf/httpd.conf";

    private const int MostBytes = 1 << 20;

    public IReadOnlyList<int> Ports { get; init; } = [];

    public string Root { get; init; } = "/usr/local/apache2/htdocs";

    public IReadOnlyList<string> Index { get; init; } = ["index.html"];

    public string User { get; init; } = "www-data";

    /// <summary>Whether a directory without an index is listed.</summary>
    public bool ListsDirectories { get; init; }

    /// <summary>The host that redirects name where the client named none.</summary>
    public string? ServerName { get; init; }

    /// <summary>Texts or paths in place of error pages, by status.</summary>
    public IReadOnlyDictionary<int, string> ErrorDocuments { get; init; } = new Dictionary<int, string>();

    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Error { get; init; }

    /// <summary>Reads it.</summary>
    public static async ValueTask<HttpdConfig> ReadAsync(Process process)
    {
        string text;
        try
        {
            text = ByteText.FromBytes(await process.Container.Files.ReadAllAsync(process.Caller, Path, MostBytes));
        }
        catch (FileException failure)
        {
            return new HttpdConfig { Error = $"httpd: Could not open configuration file {Path}: {failure.Message}" };
        }

        var config = new HttpdConfig();
        var open = new Stack<string>();
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == '<')
            {
                if (!Section(line, open))
                {
                    return config with { Error = $"AH00526: Syntax error on line {number} of {Path}:\n{line} without matching <{line.Trim('<', '>', '/')}> section" };
                }

                continue;
            }

            config = config.With(Words(line), open);
        }

        return config with { Ports = config.Ports.Count == 0 ? [80] : [.. config.Ports.Distinct().Order()] };
    }

    private static bool Section(string line, Stack<string> open)
    {
        if (!line.StartsWith("</", StringComparison.Ordinal))
        {
            open.Push(line.Trim('<', '>').Split(' ')[0].ToLowerInvariant() + " " + line.Trim('<', '>').Split(' ').ElementAtOrDefault(1)?.Trim('"'));
            return true;
        }

        return open.TryPop(out var opened) && opened.StartsWith(line.Trim('<', '>', '/').ToLowerInvariant(), StringComparison.Ordinal);
    }

    private HttpdConfig With(List<string> words, Stack<string> open) => words switch
    {
        ["Listen", var port, ..] when int.TryParse(port[(port.LastIndexOf(':') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65_535 => this with { Ports = [.. Ports, number] },
        ["DocumentRoot", var root] => this with { Root = root.TrimEnd('/') },
        ["DirectoryIndex", .. var names] => this with { Index = names },
        ["User", var user] => this with { User = user },
        ["ServerName", var name] => this with { ServerName = name },
        ["Options", .. var options] when open.TryPeek(out var section) && section == "directory " + Root => this with { ListsDirectories = options.Exists(option => option is "Indexes" or "+Indexes" or "All") },
        ["ErrorDocument", var status, var text, ..] when int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code) => this with { ErrorDocuments = new Dictionary<int, string>(ErrorDocuments) { [code] = text } },
        _ => this,
    };

    private static List<string> Words(string line)
    {
        var words = new List<string>();
        for (var at = 0; at < line.Length;)
        {
            var isQuoted = line[at] == '"';
            var end = isQuoted ? line.IndexOf('"', at + 1) : line.AsSpan(at).IndexOfAny(' ', '\t') is var space and >= 0 ? at + space : line.Length;
            end = end < 0 ? line.Length : end;
            words.Add(line[(isQuoted ? at + 1 : at)..end]);
            at = Math.Min(line.Length, isQuoted ? end + 1 : end);
            at += line.AsSpan(at).IndexOfAnyExcept(' ', '\t') is var next and >= 0 ? next : line.Length - at;
        }

        return words;
    }
}
