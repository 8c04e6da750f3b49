using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Finds the server that a client means: by exact name, by a star at the front, at the end, by expression; else the port's default.</summary>
internal static class ServerSearch
{
    public static (NginxServer Server, ServerName? By) Find(NginxConfig config, HttpRequest request)
    {
        var servers = config.Servers.Where(server => server.Listens.Any(listen => listen.Port == request.Port)).ToList();
        var host = request.Host;
        var plain = servers.Find(server => server.Names.Any(name => name.Regex is null && (name.Text == host || name.Text == "." + host)))
            ?? Longest(servers, host, (name, called) => IsBelow(name, called))
            ?? Longest(servers, host, (name, called) => name.EndsWith(".*", StringComparison.Ordinal) && called.StartsWith(name[..^1], StringComparison.Ordinal));
        if (plain is not null)
        {
            return (plain, null);
        }

        var byExpression = servers.SelectMany(server => server.Names.Where(name => name.Regex?.IsMatch(host) == true).Select(name => (Server: server, By: (ServerName?)name))).FirstOrDefault();
        return byExpression.Server is not null
            ? byExpression
            : (servers.Find(server => server.Listens.Any(listen => listen.Port == request.Port && listen.IsDefault)) ?? servers[0], null);
    }

    private static bool IsBelow(string name, string called) =>
        name.StartsWith("*.", StringComparison.Ordinal) ? called.EndsWith(name[1..], StringComparison.Ordinal)
        : name.StartsWith('.') && called.EndsWith(name, StringComparison.Ordinal);

    private static NginxServer? Longest(List<NginxServer> servers, string host, Func<string, string, bool> matches) => servers
        .SelectMany(server => server.Names.Where(name => name.Regex is null && matches(name.Text, host)).Select(name => (server, name.Text.Length)))
        .OrderByDescending(found => found.Length).Select(found => found.server).FirstOrDefault();
}
