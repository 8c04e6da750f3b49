using System.Globalization;
using static Orleans.StatefulSets.Server.Options.SettingValues;

namespace Orleans.StatefulSets.Server.Options;

/// <summary>The options of Orleans: what runs in this process, and how the silos of a cluster find and watch each other.</summary>
internal static class SiloSettings
{
    private const string Group = "Orleans cluster";

    public static IEnumerable<Setting> All()
    {
        yield return new()
        {
            Group = Group,
            Name = "role",
            Placeholder = "all|silo|api",
            Explanation = "what runs in this process: a silo and the API, a silo alone (of HTTP only health and the Orleans dashboard), or the API alone. silo and api need --storage postgres, whose database is where they find each other",
            Default = options => options.Role.ToString().ToLowerInvariant(),
            Apply = (options, text) => options with { Role = Choice(text, ("all", ServerRole.All), ("silo", ServerRole.Silo), ("api", ServerRole.Api)) },
        };
        yield return new()
        {
            Group = Group,
            Name = "silo-address",
            Placeholder = "ADDRESS",
            Explanation = "the address, or a name of it, at which other silos reach this one (--storage postgres); anybody who reaches its ports is trusted",
            Default = options => options.SiloAddress,
            Apply = (options, text) => options with { SiloAddress = HostName(text) },
        };
        yield return new()
        {
            Group = Group,
            Name = "silo-listen",
            Placeholder = "ADDRESS",
            Explanation = "the address of this machine at which the silo listens, where that is another than --silo-address: behind NAT, in a container, behind a proxy; 0.0.0.0 for all of them (--storage postgres)",
            Apply = (options, text) => options with { SiloListen = Address(text) },
        };
        yield return new()
        {
            Group = Group,
            Name = "silo-port",
            Placeholder = "PORT",
            Explanation = "TCP port between silos, on --silo-address",
            Default = options => options.SiloPort.ToString(CultureInfo.InvariantCulture),
            Apply = (options, text) => options with { SiloPort = Port(text) },
        };
        yield return new()
        {
            Group = Group,
            Name = "gateway-port",
            Placeholder = "PORT",
            Explanation = "TCP port for Orleans clients, such as processes of --role api, on --silo-address",
            Default = options => options.GatewayPort.ToString(CultureInfo.InvariantCulture),
            Apply = (options, text) => options with { GatewayPort = Port(text) },
        };
        yield return new()
        {
            Group = Group,
            Name = "probe-timeout",
            Placeholder = "DURATION",
            Explanation = "how long another silo may take to answer a probe, 200ms to 1m of real time; one that leaves three in a row unanswered is declared dead by two that see it (--storage postgres)",
            Default = options => DurationText.Write(options.ProbeTimeout),
            Apply = (options, text) => options with { ProbeTimeout = Duration(text, TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(1)) },
        };
        yield return new()
        {
            Group = Group,
            Name = "drain",
            Placeholder = "DURATION",
            Explanation = "how long a process that is asked to stop goes on serving while /readyz says no, so that a load balancer turns away from it, 0s to 5m of real time; then what clients run in its nodes' pods (kubectl exec) has as long again to end, and what they begin waits until it is elsewhere",
            Default = options => DurationText.Write(options.Drain),
            Apply = (options, text) => options with { Drain = Duration(text, TimeSpan.Zero, TimeSpan.FromMinutes(5)) },
        };
        yield return new()
        {
            Group = Group,
            Name = "in-kubernetes",
            Explanation = "this process is a pod of a real Kubernetes cluster, which tells it who it is (POD_NAME, POD_NAMESPACE, POD_IP) and which silos are gone; see infra/kubernetes",
            Apply = (options, text) => options with { InKubernetes = Flag(text) },
        };
    }
}
