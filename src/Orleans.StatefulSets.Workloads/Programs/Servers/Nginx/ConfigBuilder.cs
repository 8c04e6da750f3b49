using System.Globalization;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;
using Orleans.StatefulSets.Workloads.Programs.Tools;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Makes a configuration of its directives.</summary>
internal sealed class ConfigBuilder
{
    private const int MostWorkers = 16;

    private static readonly (string Directive, string Path)[] TempKinds =
    [
        ("client_body_temp_path", "/var/cache/nginx/client_temp"), ("proxy_temp_path", "/var/cache/nginx/proxy_temp"), ("fastcgi_temp_path", "/var/cache/nginx/fastcgi_temp"),
        ("uwsgi_temp_path", "/var/cache/nginx/uwsgi_temp"), ("scgi_temp_path", "/var/cache/nginx/scgi_temp"),
    ];

    private readonly Process process;
    private readonly ConfigScope scope = new();
    private readonly SettingsBuilder settings;
    private readonly UpstreamBuilder upstreams;
    private readonly LocationBuilder locations;
    private readonly HashSet<string> logPaths = new(StringComparer.Ordinal);

    public ConfigBuilder(Process process)
    {
        this.process = process;
        settings = new SettingsBuilder(scope);
        upstreams = new UpstreamBuilder(process);
        locations = new LocationBuilder(scope, settings, upstreams, read => logPaths.UnionWith(read.AccessLogs.Select(log => log.Path)));
    }

    /// <exception cref="NginxConfigException">It can't be used.</exception>
    public async ValueTask<NginxConfig> BuildAsync(IReadOnlyList<Directive> directives, string version, IReadOnlyList<(string Path, string Text)> files)
    {
        var http = directives.FirstOrDefault(directive => directive.Name == "http");
        var events = directives.FirstOrDefault(directive => directive.Name == "events");
        RequireOnce(directives, "http", "events", "user", "pid", "worker_processes");
        var inHttp = http?.Block ?? [];
        var maps = inHttp.Where(directive => directive.Name == "map").Select(MapOf).ToDictionary(map => map.Name, map => map.Map, StringComparer.Ordinal);
        scope.Declare(maps.Keys);
        foreach (var group in inHttp.Where(directive => directive.Name == "upstream"))
        {
            await upstreams.AddGroupAsync(group);
        }

        var outer = settings.Read(new NginxSettings(), inHttp);
        var servers = new List<NginxServer>();
        foreach (var server in inHttp.Where(directive => directive.Name == "server"))
        {
            servers.Add(await ServerOfAsync(server, outer));
        }

        scope.RequireAllKnown();
        RequireOneDefault(inHttp.Where(directive => directive.Name == "server").ToList(), servers);
        var config = new NginxConfig
        {
            Version = version,
            User = await UserOfAsync(directives),
            Workers = WorkersOf(directives),
            Connections = events?.Block!.FirstOrDefault(directive => directive.Name == "worker_connections") is { } most ? Count(most) : 512,
            PidPath = Find(directives, "pid") is { } pid ? NginxPaths.Absolute(pid.Value) : NginxPaths.Pid,
            ErrorLog = Find(directives, "error_log") is { } log ? SettingsBuilder.ErrorLogOf(log) : new ErrorLogTarget(NginxPaths.ErrorLog, LogLevel.Error),
            Servers = servers,
            Upstreams = upstreams.Groups,
            Maps = maps,
            Limits = LimitsOf(inHttp, servers.Count == 0 ? null : inHttp.First(directive => directive.Name == "server").Block),
            LogPaths = [.. logPaths],
            TempPaths = [.. TempKinds.Select(kind => Find(inHttp, kind.Directive) is { Arguments.Count: > 0 } path ? NginxPaths.Absolute(path.Value) : kind.Path)],
            Files = files,
        };
        return events is null ? throw new NginxConfigException("no \"events\" section in configuration") : config;
    }

    private async ValueTask<NginxServer> ServerOfAsync(Directive server, NginxSettings outer)
    {
        var block = server.Block!;
        var listens = block.Where(directive => directive.Name == "listen").Select(ListenOf).ToList();
        foreach (var listen in listens.GroupBy(listen => listen.Address).Where(group => group.Count() > 1))
        {
            throw block.Last(directive => directive.Name == "listen").Error($"a duplicate listen {listen.Key}");
        }

        var names = block.Where(directive => directive.Name == "server_name").SelectMany(directive => directive.Arguments.Select(name => NameOf(directive, name))).ToList();
        var (root, named) = await locations.ReadServerAsync(server, outer);
        return new NginxServer { Listens = listens.Count == 0 ? [new NginxListen("0.0.0.0:80", 80, false, false)] : listens, Names = names, Root = root, Named = named };
    }

    private static NginxListen ListenOf(Directive directive)
    {
        var text = directive.Value;
        var colon = text.EndsWith(']') ? -1 : text.LastIndexOf(':');
        var (host, number) = colon >= 0 ? (text[..colon], text[(colon + 1)..]) : text.All(char.IsAsciiDigit) ? ("", text) : (text, "80");
        if (text.StartsWith("unix:", StringComparison.Ordinal) || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > 65_535)
        {
            throw directive.Error($"invalid port in \"{text}\" of the \"listen\" directive");
        }

        var options = directive.Arguments.Skip(1).ToList();
        return new NginxListen($"{(host is "" or "*" ? "0.0.0.0" : host)}:{port}", port, options.Exists(option => option is "default_server" or "default"), options.Contains("ssl"));
    }

    private ServerName NameOf(Directive directive, string name) => name.StartsWith('~')
        ? new ServerName(name, RewriteBuilder.Expression(directive, name[1..], ignoreCase: true, scope))
        : new ServerName(name.ToLowerInvariant(), null);

    private (string Name, NginxMap Map) MapOf(Directive map)
    {
        var exact = new Dictionary<string, NginxText>(StringComparer.Ordinal);
        var patterns = new List<(NginxPattern, NginxText)>();
        var otherwise = NginxText.Parse("");
        foreach (var line in map.Block!.Where(line => line.Arguments.Count == 1))
        {
            var value = scope.Text(line, line.Value);
            switch (line.Name)
            {
                case "default":
                    otherwise = value;
                    break;
                case ['~', '*', ..]:
                    patterns.Add((RewriteBuilder.Expression(line, line.Name[2..], ignoreCase: true, scope), value));
                    break;
                case ['~', ..]:
                    patterns.Add((RewriteBuilder.Expression(line, line.Name[1..], ignoreCase: false, scope), value));
                    break;
                default:
                    exact[line.Name.TrimStart('\\').ToLowerInvariant()] = value;
                    break;
            }
        }

        return (map.Arguments[1].TrimStart('$'), new NginxMap(scope.Text(map, map.Value), exact, patterns, otherwise));
    }

    private static Directive? Find(IReadOnlyList<Directive> directives, string name) => directives.FirstOrDefault(directive => directive.Name == name);

    private static void RequireOnce(IReadOnlyList<Directive> directives, params string[] names)
    {
        foreach (var name in names)
        {
            if (directives.Where(directive => directive.Name == name).Skip(1).FirstOrDefault() is { } second)
            {
                throw second.Error($"\"{name}\" directive is duplicate");
            }
        }
    }

    private static void RequireOneDefault(List<Directive> blocks, List<NginxServer> servers)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < servers.Count; index++)
        {
            foreach (var listen in servers[index].Listens.Where(listen => listen.IsDefault && !seen.Add(listen.Address)))
            {
                throw blocks[index].Block!.First(directive => directive.Name == "listen").Error($"a duplicate default server for {listen.Address}");
            }
        }
    }

    private async ValueTask<string?> UserOfAsync(IReadOnlyList<Directive> directives)
    {
        if (Find(directives, "user") is not { } user)
        {
            return null;
        }

        var accounts = await Accounts.ReadAsync(new ToolCall(process, "nginx"));
        return accounts.Uid(user.Value) is null ? throw user.Error($"getpwnam(\"{user.Value}\") failed") : user.Value;
    }

    private static int WorkersOf(IReadOnlyList<Directive> directives) =>
        Find(directives, "worker_processes") is { Value: not "auto" } workers ? Math.Clamp(Count(workers), 1, MostWorkers) : 1;

    private static int Count(Directive directive) =>
        int.TryParse(directive.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : throw directive.Error($"\"{directive.Name}\" directive invalid value");

    private static HttpLimits LimitsOf(IReadOnlyList<Directive> http, IReadOnlyList<Directive>? first)
    {
        var limits = new HttpLimits();
        foreach (var directive in http.Concat(first ?? []))
        {
            limits = directive.Name switch
            {
                "keepalive_timeout" => limits with { IdleWithin = SettingsBuilder.Duration(directive) },
                "client_header_timeout" => limits with { HeadWithin = SettingsBuilder.Duration(directive) },
                _ => limits,
            };
        }

        return limits;
    }
}
