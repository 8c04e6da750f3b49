namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Reads servers' and locations' blocks.</summary>
/// <param name="scope">The variables.</param>
/// <param name="settings">What inherits.</param>
/// <param name="upstreams">Where proxies lead.</param>
/// <param name="seen">Told of the settings of every level.</param>
internal sealed class LocationBuilder(ConfigScope scope, SettingsBuilder settings, UpstreamBuilder upstreams, Action<NginxSettings> seen)
{
    private static readonly string[] Elsewhere = ["fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass", "js_content"];

    public async ValueTask<(NginxLocation Root, Dictionary<string, NginxLocation> Named)> ReadServerAsync(Directive server, NginxSettings outer)
    {
        var named = new Dictionary<string, NginxLocation>(StringComparer.Ordinal);
        var root = await ReadAsync(server, outer, LocationKind.Prefix, "", null, named);
        return (root, named);
    }

    private async ValueTask<NginxLocation> ReadAsync(Directive block, NginxSettings outer, LocationKind kind, string pattern, NginxPattern? regex, Dictionary<string, NginxLocation> named)
    {
        var directives = block.Block!;
        var own = settings.Read(outer with { Alias = null, Root = outer.Root }, directives);
        seen(own);
        var inner = new List<NginxLocation>();
        foreach (var directive in directives.Where(directive => directive.Name == "location"))
        {
            var location = await ReadLocationAsync(directive, own, named);
            if (location.Kind == LocationKind.Named)
            {
                named[location.Pattern] = location;
                continue;
            }

            if (inner.Exists(other => other.Pattern == location.Pattern && SameKind(other.Kind, location.Kind)) && location.Kind != LocationKind.Regex)
            {
                throw directive.Error($"duplicate location \"{location.Pattern}\"");
            }

            inner.Add(location);
        }

        return new NginxLocation
        {
            Kind = kind,
            Pattern = pattern,
            Regex = regex,
            Settings = own,
            Steps = RewriteBuilder.Read(directives, scope),
            TryFiles = Find(directives, "try_files") is { } tries ? [.. tries.Arguments.Select(text => scope.Text(tries, text))] : [],
            Proxy = Find(directives, "proxy_pass") is { } proxy ? await upstreams.TargetOfAsync(proxy, scope) : null,
            IsInternal = Find(directives, "internal") is not null,
            IsStatus = Find(directives, "stub_status") is not null,
            IsElsewhere = directives.Any(directive => Elsewhere.Contains(directive.Name)),
            Inner = inner,
        };
    }

    private ValueTask<NginxLocation> ReadLocationAsync(Directive location, NginxSettings outer, Dictionary<string, NginxLocation> named)
    {
        var (modifier, pattern) = location.Arguments.Count == 2 ? (location.Value, location.Arguments[1]) : Split(location.Value);
        var kind = modifier switch
        {
            "" => pattern.StartsWith('@') ? LocationKind.Named : LocationKind.Prefix,
            "=" => LocationKind.Exact,
            "^~" => LocationKind.StrongPrefix,
            "~" or "~*" => LocationKind.Regex,
            _ => throw location.Error($"invalid location modifier \"{modifier}\""),
        };
        var regex = kind == LocationKind.Regex ? RewriteBuilder.Expression(location, pattern, modifier == "~*", scope) : null;
        return ReadAsync(location, outer, kind, pattern, regex, named);
    }

    /// <summary><c>location =/x</c> may stand without a space.</summary>
    private static (string Modifier, string Pattern) Split(string text) =>
        text.StartsWith("^~", StringComparison.Ordinal) || text.StartsWith("~*", StringComparison.Ordinal) ? (text[..2], text[2..])
        : text[0] is '=' or '~' ? (text[..1], text[1..])
        : ("", text);

    private static bool SameKind(LocationKind one, LocationKind other) => (one == LocationKind.Exact) == (other == LocationKind.Exact);

    private static Directive? Find(IReadOnlyList<Directive> directives, string name) => directives.FirstOrDefault(directive => directive.Name == name);
}
