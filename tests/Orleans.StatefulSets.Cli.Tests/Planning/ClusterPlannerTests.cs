using Orleans.StatefulSets.Cli.Clusters;
using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Planning;
using Orleans.StatefulSets.Cli.State;

namespace Orleans.StatefulSets.Cli.Tests.Planning;

public sealed class ClusterPlannerTests
{
    private static readonly ClusterFolder Folder = new("/c");

    [Fact]
    public void A_silo_has_a_folder_an_address_and_two_ports_of_its_own()
    {
        var plan = Plan(silos: 2);

        Assert.Equal(["silo-1", "silo-2"], plan.All.Select(process => process.Name));
        Assert.Equal(
            ["--storage", "postgres", "--urls", "http://127.0.0.1:18082", "--data", "/c/silo-2", "--role", "all", "--drain", "2s", "--silo-port", "21112", "--gateway-port", "23002"],
            plan.Silos[1].Arguments);
        Assert.Equal(("/c/silo-2", new Uri("http://127.0.0.1:18082"), ProcessRole.All), (plan.Silos[1].Directory, plan.Silos[1].Url, plan.Silos[1].Role));
        Assert.Same(plan.Silos, plan.Serving);
    }

    [Fact]
    public void With_API_processes_the_silos_serve_no_API()
    {
        var plan = Plan(silos: 2, apiServers: 1);

        Assert.Equal(["silo-1", "silo-2", "api-1"], plan.All.Select(process => process.Name));
        Assert.Equal(["silo", "silo", "api"], plan.All.Select(process => process.Arguments[process.Arguments.ToList().IndexOf("--role") + 1]));
        Assert.DoesNotContain("--silo-port", plan.ApiServers[0].Arguments);
        Assert.Same(plan.ApiServers, plan.Serving);
    }

    [Fact]
    public void No_port_is_taken_twice_nor_from_somebody_else()
    {
        HashSet<int> inUse = [18081, 18083, 21111, 23002];
        var plan = Plan(silos: 16, apiServers: 16, isFree: port => !inUse.Contains(port), url: "http://127.0.0.1:18085");

        var ports = plan.All.SelectMany(process => process.Arguments.Zip(process.Arguments.Skip(1))
            .Where(pair => pair.First is "--silo-port" or "--gateway-port").Select(pair => int.Parse(pair.Second, null)).Append(process.Url.Port)).ToList();

        Assert.Equal((3 * 16) + 16, ports.Count);
        Assert.Equal(ports.Count, ports.Distinct().Count());
        Assert.DoesNotContain(18085, ports);
        Assert.Empty(ports.Intersect(inUse));
    }

    [Fact]
    public void A_restarted_silo_finds_its_port_since_no_outgoing_connection_gets_it()
    {
        // Linux' net.ipv4.ip_local_port_range begins here.
        const int firstOfOutgoing = 32_768;
        var plan = Plan(silos: 16, apiServers: 16);

        Assert.All(plan.All, process => Assert.All(
            process.Arguments.Select(argument => int.TryParse(argument, out var port) ? port : 0).Append(process.Url.Port), port => Assert.InRange(port, 0, firstOfOutgoing - 1)));
    }

    [Fact]
    public void Where_no_port_is_free_it_is_said()
    {
        var failure = Assert.Throws<CommandException>(() => Plan(silos: 1, isFree: _ => false));

        Assert.Contains("is free", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_handed_on_stands_last() =>
        Assert.All(Plan(silos: 1, apiServers: 1, handedOn: ["--nodes", "9"]).All, process => Assert.Equal(["--nodes", "9"], process.Arguments.TakeLast(2)));

    private static ClusterPlan Plan(
        int silos, int apiServers = 0, Func<int, bool>? isFree = null, string url = "http://127.0.0.1:8080", string[]? handedOn = null) =>
        ClusterPlanner.Plan(
            new UpOptions { Directory = "/c", Url = new(url), Silos = silos, ApiServers = apiServers, ServerArguments = handedOn ?? [] },
            Folder,
            new PortChoice(isFree ?? (_ => true)));
}
