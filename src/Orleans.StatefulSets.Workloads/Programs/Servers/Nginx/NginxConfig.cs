using System.Net;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>A whole configuration, ready to serve.</summary>
internal sealed record NginxConfig
{
    /// <summary>The version that it says it is.</summary>
    public required string Version { get; init; }

    /// <summary>Whom workers act for; null for the master's own.</summary>
    public string? User { get; init; }

    /// <summary>How many workers there are.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Connections that a worker serves at once.</summary>
    public int Connections { get; init; } = 512;

    /// <summary>Where the master's number is kept.</summary>
    public string PidPath { get; init; } = NginxPaths.Pid;

    /// <summary>Where errors go that concern no server.</summary>
    public ErrorLogTarget ErrorLog { get; init; } = new(NginxPaths.ErrorLog, LogLevel.Error);

    /// <summary>The servers, in the order of the file.</summary>
    public required IReadOnlyList<NginxServer> Servers { get; init; }

    /// <summary>Groups of servers that <c>proxy_pass</c> names.</summary>
    public required IReadOnlyDictionary<string, Upstream> Upstreams { get; init; }

    /// <summary>Variables that are made of another one.</summary>
    public required IReadOnlyDictionary<string, NginxMap> Maps { get; init; }

    /// <summary>Bounds of what clients send.</summary>
    public required Http.HttpLimits Limits { get; init; }

    /// <summary>The ports that are listened on, ascending.</summary>
    public IReadOnlyList<int> Ports => [.. Servers.SelectMany(server => server.Listens).Select(listen => listen.Port).Distinct().Order()];

    /// <summary>Every file that requests are noted in.</summary>
    public required IReadOnlyList<string> LogPaths { get; init; }

    /// <summary>Folders for what is put aside; they are made at the start.</summary>
    public required IReadOnlyList<string> TempPaths { get; init; }

    /// <summary>The files that it was read from.</summary>
    public required IReadOnlyList<(string Path, string Text)> Files { get; init; }
}

/// <summary>How grave an entry of the error log is.</summary>
internal enum LogLevel
{
    Emerg,
    Alert,
    Crit,
    Error,
    Warn,
    Notice,
    Info,
    Debug,
}

/// <summary>Where errors go.</summary>
/// <param name="Path">The file; <c>stderr</c> for standard error.</param>
/// <param name="Level">The least grave that are noted.</param>
internal sealed record ErrorLogTarget(string Path, LogLevel Level);

/// <summary>A port that a server listens on.</summary>
/// <param name="Address">As the log spells it: <c>0.0.0.0:80</c>, <c>[::]:80</c>.</param>
/// <param name="Port">The port.</param>
/// <param name="IsDefault">Whether the server answers there whatever name the client calls it by.</param>
/// <param name="IsTls">Whether clients are to speak TLS.</param>
internal sealed record NginxListen(string Address, int Port, bool IsDefault, bool IsTls);

/// <summary>A name of a server.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="Regex">Of one that begins with a tilde.</param>
internal sealed record ServerName(string Text, NginxPattern? Regex);

/// <summary>One virtual server.</summary>
internal sealed class NginxServer
{
    public required IReadOnlyList<NginxListen> Listens { get; init; }

    public required IReadOnlyList<ServerName> Names { get; init; }

    /// <summary>The server itself as what a request meets first.</summary>
    public required NginxLocation Root { get; init; }

    /// <summary>Locations that only others lead to (<c>@name</c>).</summary>
    public required IReadOnlyDictionary<string, NginxLocation> Named { get; init; }

    /// <summary>The first name, for the log and <c>$server_name</c>.</summary>
    public string Name => Names.Count == 0 ? "" : Names[0].Text;
}

/// <summary>How a location is found.</summary>
internal enum LocationKind
{
    Prefix,

    /// <summary>A prefix that no regular expression takes from (<c>^~</c>).</summary>
    StrongPrefix,
    Exact,
    Regex,
    Named,
}

/// <summary>A location, or a server as the outermost one.</summary>
internal sealed class NginxLocation
{
    public required LocationKind Kind { get; init; }

    /// <summary>Prefix, whole path, expression or name.</summary>
    public required string Pattern { get; init; }

    public NginxPattern? Regex { get; init; }

    public required NginxSettings Settings { get; init; }

    /// <summary>What is done first, in order: return, rewrite, set, if, break.</summary>
    public IReadOnlyList<RewriteStep> Steps { get; init; } = [];

    public IReadOnlyList<NginxText> TryFiles { get; init; } = [];

    public ProxyTarget? Proxy { get; init; }

    /// <summary>Only redirects inside of the server lead here.</summary>
    public bool IsInternal { get; init; }

    /// <summary>It tells how many connections there are.</summary>
    public bool IsStatus { get; init; }

    /// <summary>It hands requests to something that is not emulated (<c>fastcgi_pass</c>).</summary>
    public bool IsElsewhere { get; init; }

    public IReadOnlyList<NginxLocation> Inner { get; init; } = [];
}

/// <summary>Where <c>proxy_pass</c> sends requests.</summary>
/// <param name="Url">The URL as it is written.</param>
/// <param name="Host">Host and port, or the name of a group.</param>
/// <param name="Path">The path in the URL; null where it has none.</param>
/// <param name="Upstream">Where that is; null where variables tell it with each request.</param>
internal sealed record ProxyTarget(NginxText Url, string Host, string? Path, Upstream? Upstream);

/// <summary>Servers that do the same.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Servers">Where they are.</param>
internal sealed record Upstream(string Name, IReadOnlyList<IPEndPoint> Servers);

/// <summary>A variable that depends on another one (<c>map</c>).</summary>
/// <param name="Source">The other.</param>
/// <param name="Exact">Values by the other's value, in lower case.</param>
/// <param name="Patterns">Values by expression, tried in order.</param>
/// <param name="Default">The value of anything else.</param>
internal sealed record NginxMap(NginxText Source, IReadOnlyDictionary<string, NginxText> Exact, IReadOnlyList<(NginxPattern Pattern, NginxText Value)> Patterns, NginxText Default);
