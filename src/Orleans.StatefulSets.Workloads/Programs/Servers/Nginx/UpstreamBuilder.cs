using System.Globalization;
using System.Net;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Finds where <c>proxy_pass</c> leads. Names are asked for once, when the configuration is read, as nginx does.</summary>
internal sealed class UpstreamBuilder(Process process)
{
    private readonly Dictionary<string, Upstream> groups = new(StringComparer.Ordinal);

    /// <summary>The groups, by name.</summary>
    public IReadOnlyDictionary<string, Upstream> Groups => groups;

    public async ValueTask AddGroupAsync(Directive group)
    {
        var servers = new List<IPEndPoint>();
        foreach (var server in group.Block!.Where(directive => directive.Name == "server" && !directive.Arguments.Contains("down")))
        {
            servers.AddRange(await ResolveAsync(server.Value, process) ?? throw server.Error($"host not found in upstream \"{server.Value}\""));
        }

        if (servers.Count == 0)
        {
            throw group.Error("no servers are inside upstream");
        }

        groups[group.Value] = new Upstream(group.Value, servers);
    }

    public async ValueTask<ProxyTarget> TargetOfAsync(Directive proxy, ConfigScope scope)
    {
        var url = scope.Text(proxy, proxy.Value);
        if (!url.IsPlain)
        {
            return new ProxyTarget(url, "", null, null);
        }

        var (host, path) = Split(proxy.Value) ?? throw proxy.Error("invalid URL prefix");
        var upstream = groups.GetValueOrDefault(host)
            ?? new Upstream(host, await ResolveAsync(host, process) ?? throw proxy.Error($"host not found in upstream \"{host.Split(':')[0]}\""));
        return new ProxyTarget(url, host, path, upstream);
    }

    /// <summary>Host and path of a URL; null where it is none that can be spoken here.</summary>
    public static (string Host, string? Path)? Split(string url)
    {
        const string scheme = "http://";
        if (!url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || url.Length == scheme.Length)
        {
            return null;
        }

        var rest = url[scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (rest, null) : (rest[..slash], rest[slash..]);
    }

    /// <summary>Where a host and port are; null where the name has no address.</summary>
    public static async ValueTask<List<IPEndPoint>?> ResolveAsync(string host, Process process)
    {
        var colon = host.LastIndexOf(':');
        var hasPort = colon > host.LastIndexOf(']');
        var port = 80;
        if (hasPort && (!int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is 0 or > 65_535))
        {
            return null;
        }

        var name = hasPort ? host[..colon] : host;
        var addresses = await NameResolver.ResolveAsync(process.Container.Network, process.Container.Files, process.Caller, name, process.Killed);
        return addresses.Count == 0 ? null : [.. addresses.Select(address => new IPEndPoint(address, port))];
    }
}
