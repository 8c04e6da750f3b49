using System.Net;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>What a level of the configuration says, and what it has from the level above.</summary>
internal sealed record NginxSettings
{
    /// <summary>Where files are.</summary>
    public NginxText Root { get; init; } = NginxText.Parse(NginxPaths.Prefix + "html");

    /// <summary>What stands for the location's own part of the path; null where the whole path goes below <see cref="Root"/>.</summary>
    public NginxText? Alias { get; init; }

    public IReadOnlyList<NginxText> Index { get; init; } = [NginxText.Parse("index.html")];

    public bool ListsDirectories { get; init; }

    public bool ListsExactSizes { get; init; } = true;

    /// <summary><c>html</c> or <c>json</c>.</summary>
    public string ListFormat { get; init; } = "html";

    public IReadOnlyList<ErrorPage> ErrorPages { get; init; } = [];

    public string DefaultType { get; init; } = "text/plain";

    /// <summary>Types by extension.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["html"] = "text/html", ["gif"] = "image/gif", ["jpg"] = "image/jpeg" };

    /// <summary>The character set that texts are said to be in; null for none.</summary>
    public string? Charset { get; init; }

    public IReadOnlyList<AddedHeader> Headers { get; init; } = [];

    /// <summary>How long what is sent may be kept; null where nothing is said.</summary>
    public TimeSpan? Expires { get; init; }

    /// <summary>Bytes of the largest body; 0 for any.</summary>
    public long MostBody { get; init; } = 1 << 20;

    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public IReadOnlyList<AccessLog> AccessLogs { get; init; } = [AccessLog.Usual];

    public ErrorLogTarget? ErrorLog { get; init; }

    /// <summary>Who may; the first rule that fits decides.</summary>
    public IReadOnlyList<AccessRule> Rules { get; init; } = [];

    /// <summary>What the client is asked to prove; null for nothing.</summary>
    public string? Realm { get; init; }

    /// <summary>Whose words are taken for it.</summary>
    public string? UserFile { get; init; }

    public IReadOnlyList<(string Name, NginxText Value)> ProxyHeaders { get; init; } = [];

    /// <summary>The number behind <c>HTTP/1.</c> that upstreams hear.</summary>
    public int ProxyMinor { get; init; }

    public TimeSpan ProxyConnectTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan ProxyReadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether error pages stand for what upstreams say, too.</summary>
    public bool InterceptsErrors { get; init; }

    public bool TellsVersion { get; init; } = true;

    public bool RedirectsAbsolutely { get; init; } = true;

    public bool RedirectsWithPort { get; init; } = true;

    public bool RedirectsWithServerName { get; init; }
}

/// <summary>What is sent in place of an error.</summary>
/// <param name="Codes">Of which statuses.</param>
/// <param name="Status">The status that goes with it: the error's own where null, what the page itself has where 0.</param>
/// <param name="Uri">Where the page is: a path, a URL, a named location.</param>
internal sealed record ErrorPage(IReadOnlyList<int> Codes, int? Status, NginxText Uri);

/// <summary>A header that is added.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; nothing is added where it is empty.</param>
/// <param name="Always">With whatever status.</param>
internal sealed record AddedHeader(string Name, NginxText Value, bool Always);

/// <summary>Where requests are noted.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">What is noted.</param>
/// <param name="Escape"><c>default</c>, <c>json</c> or <c>none</c>.</param>
internal sealed record AccessLog(string Path, NginxText Format, string Escape)
{
    /// <summary>The format <c>combined</c>.</summary>
    public const string Combined = "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\"";

    /// <summary>What holds where nothing is said.</summary>
    public static AccessLog Usual { get; } = new(NginxPaths.AccessLog, NginxText.Parse(Combined), "default");
}

/// <summary>Whether an address may.</summary>
/// <param name="Allows">Whether it may.</param>
/// <param name="Network">Which addresses; null for all.</param>
internal sealed record AccessRule(bool Allows, IPNetwork? Network);
