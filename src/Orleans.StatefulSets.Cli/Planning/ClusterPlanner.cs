using System.Globalization;
using Orleans.StatefulSets.Cli.Clusters;
using Orleans.StatefulSets.Cli.State;

namespace Orleans.StatefulSets.Cli.Planning;

/// <summary>Decides which processes a cluster has, where they listen and what they are told.</summary>
internal static class ClusterPlanner
{
    // Away from a single server's, so that one may run beside; and below the ports that the system gives to outgoing connections: one of
    // those could be taken while a silo that died is about to come back to it.
    private const int FirstApiPort = 18081;
    private const int FirstSiloPort = 21111;
    private const int FirstGatewayPort = 23001;

    public static ClusterPlan Plan(UpOptions options, ClusterFolder folder, PortChoice ports)
    {
        ports.Leave(options.Url.Port);
        var apart = options.ApiServers > 0;
        return new ClusterPlan
        {
            Silos = [.. Enumerable.Range(1, options.Silos).Select(number => Silo(number, apart ? ProcessRole.Silo : ProcessRole.All))],
            ApiServers = [.. Enumerable.Range(1, options.ApiServers).Select(Api)],
        };

        ProcessPlan Silo(int number, ProcessRole role) => Server($"silo-{Text(number)}", role,
            ["--silo-port", Text(ports.Next(FirstSiloPort)), "--gateway-port", Text(ports.Next(FirstGatewayPort))]);

        ProcessPlan Api(int number) => Server($"api-{Text(number)}", ProcessRole.Api, []);

        ProcessPlan Server(string name, ProcessRole role, IReadOnlyList<string> orleans)
        {
            var url = new Uri($"http://127.0.0.1:{Text(ports.Next(FirstApiPort))}");
            var directory = folder.OfProcess(name);
            return new ProcessPlan
            {
                Name = name,
                Role = role,
                Url = url,
                Directory = directory,
                Arguments =
                [
                    "--storage", "postgres", "--urls", url.GetLeftPart(UriPartial.Authority), "--data", directory,
                    "--role", role.ToString().ToLowerInvariant(), .. Drain(options.ServerArguments), .. orleans, .. options.ServerArguments,
                ],
            };
        }
    }

    // So long the balancer may not know that a server is about to stop, and what clients run in pods may take to end.
    private static string[] Drain(IReadOnlyList<string> handedOn) =>
        handedOn.Any(argument => argument.Split('=')[0] == "--drain") ? [] : ["--drain", "2s"];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
