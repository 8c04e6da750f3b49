using System.Net;
using Orleans.StatefulSets.Reconciliation.Nodes;

namespace Orleans.StatefulSets.Server.Options;

/// <summary>Options that are well each by itself and make no sense together.</summary>
internal static class Contradictions
{
    /// <exception cref="OptionException">Two of the server's ports are the same, an address is given twice, or the storage contradicts itself.</exception>
    public static void Refuse(ServerOptions options, GivenOptions given)
    {
        RefuseStorage(options, given);
        foreach (var name in (string[])["silo-address", "silo-listen", "probe-timeout", "in-kubernetes"])
        {
            if (given.SourceOf(name) is { } alone && options.Storage != StorageKind.Postgres)
            {
                throw new OptionException($"{alone}: means nothing without --storage postgres, in whose database silos find each other");
            }
        }

        if (given.SourceOf("silo-listen") is { } listen && options.InKubernetes)
        {
            throw new OptionException($"{listen}: means nothing with --in-kubernetes, where a silo listens at every address of its pod");
        }

        if (options.Role != ServerRole.All && options.Storage != StorageKind.Postgres)
        {
            throw new OptionException($"{given.SourceOf("role")}: needs --storage postgres, in whose database silos and API servers find each other");
        }

        if (options is { Role: ServerRole.Silo, Dns: not null })
        {
            throw new OptionException($"{given.SourceOf("dns")}: means nothing with --role silo");
        }

        if (given.SourceOf("dns-address") is { } source && NodeAddresses.IsOfPods(IPAddress.Parse(options.DnsAddress), options.NodeCount, options.PodsPerNode))
        {
            throw new OptionException($"{source}: {options.DnsAddress} is of the range of a node's pods");
        }

        var ports = options.Urls.Select(url => ("--urls", url.Port)).Append(("--silo-port", options.SiloPort)).Append(("--gateway-port", options.GatewayPort));
        ports = options.Dns is { } dns ? ports.Append(("--dns", dns.Port)) : ports;
        var clash = ports.GroupBy(port => port.Item2).FirstOrDefault(same => same.Select(port => port.Item1).Distinct().Count() > 1);
        if (clash is not null)
        {
            throw new OptionException($"{string.Join(" and ", clash.Select(port => port.Item1).Distinct())} both ask for port {clash.Key}");
        }
    }

    /// <exception cref="OptionException">An option of one storage beside another one, or PostgreSQL without an address.</exception>
    public static void RefuseStorage(ServerOptions options, GivenOptions given)
    {
        if (given.SourceOf("synchronous") is { } synchronous && options.Storage != StorageKind.Sqlite)
        {
            throw new OptionException(options.Storage == StorageKind.Memory
                ? $"{synchronous}: means nothing with --storage memory, which writes nothing to disk"
                : $"{synchronous}: means nothing with --storage postgres, whose server decides (synchronous_commit)");
        }

        if (options.Storage == StorageKind.Postgres && options.ConnectionString is null)
        {
            throw new OptionException("--storage postgres needs --connection-string");
        }

        if ((given.SourceOf("connection-string") ?? given.SourceOf("database-timeout")) is { } database && options.Storage != StorageKind.Postgres)
        {
            throw new OptionException($"{database}: means nothing without --storage postgres");
        }
    }
}
