using System.CommandLine;
using Orleans.StatefulSets.Cli.CommandLine;

namespace Orleans.StatefulSets.Cli.Clusters;

/// <summary>The options of <c>cluster up</c>.</summary>
internal sealed class UpCommandLine
{
    // One value for all of them would be wrong, or the cluster's own choice contradicts it.
    private static readonly string[] ChosenForEach =
        ["--urls", "--data", "--storage", "--connection-string", "--role", "--silo-port", "--gateway-port", "--dns"];

    private readonly Option<int> silos = TypedOptions.WholeNumber("--silos", "number of silos", 1, UpOptions.MostProcesses, 3);
    private readonly Option<int> apiServers = TypedOptions.WholeNumber(
        "--api-servers", "number of API processes before the silos, which then serve no API themselves", 0, UpOptions.MostProcesses, 0);

    private readonly Option<string> data = ClusterCommand.Data();
    private readonly Option<Uri> url = TypedOptions.LoopbackUrl("--url", "where the load balancer listens", new("http://127.0.0.1:8080"));
    private readonly Option<string?> connectionString = TypedOptions.ConnectionString(
        "--connection-string",
        $"the PostgreSQL to use, 'Host=…;Username=…;Password=…;Database=…'; others see a command line, so give a password in {UpOptions.ConnectionVariable}. "
        + "Without either the cluster starts one of its own in its folder");

    private readonly Option<string?> server = TypedOptions.File("--server", "Orleans.StatefulSets.Server.dll, where it is neither beside this program nor built");
    private readonly Option<bool> noRestart = TypedOptions.Flag("--no-restart", "leave dead what dies, as experiments may want");
    private readonly Option<bool> detach = TypedOptions.Flag("--detach", "return when the cluster is ready, and leave it running");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[silos, apiServers, data, url, connectionString, server, noRestart, detach])
        {
            command.Add(option);
        }
    }

    public bool IsDetached(ParseResult parsed) => parsed.GetValue(detach);

    /// <exception cref="CommandException">A server's option is none that may be handed on.</exception>
    public UpOptions Read(ParseResult parsed, Surroundings here, IReadOnlyList<string> handedOn)
    {
        if (handedOn.FirstOrDefault(word => ChosenForEach.Contains(word.Split('=')[0], StringComparer.Ordinal)) is { } chosen)
        {
            throw new CommandException($"{chosen.Split('=')[0]}: can't be handed to the servers, cluster up chooses it for each of them")
            {
                ExitCode = ExitCodes.Refused,
            };
        }

        return new UpOptions
        {
            Directory = Path.GetFullPath(parsed.GetRequiredValue(data), here.CurrentDirectory),
            Url = parsed.GetRequiredValue(url),
            Silos = parsed.GetRequiredValue(silos),
            ApiServers = parsed.GetRequiredValue(apiServers),
            ConnectionString = parsed.GetValue(connectionString) ?? here.Variables.GetValueOrDefault(UpOptions.ConnectionVariable) switch
            {
                { Length: > 0 } variable => variable,
                _ => null,
            },
            Restarts = !parsed.GetValue(noRestart),
            Server = parsed.GetValue(server) is { } path ? Path.GetFullPath(path, here.CurrentDirectory) : null,
            ServerArguments = handedOn,
        };
    }
}
