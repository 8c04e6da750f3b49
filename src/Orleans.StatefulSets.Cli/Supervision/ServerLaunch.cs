using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Clusters;
using Orleans.StatefulSets.Cli.Planning;
using Orleans.StatefulSets.Cli.Processes;

namespace Orleans.StatefulSets.Cli.Supervision;

/// <summary>How the servers of one cluster are started.</summary>
/// <param name="program">The server's dll.</param>
/// <param name="connectionString">Their database. It goes into their environment: others see a command line.</param>
internal sealed class ServerLaunch(string program, string connectionString)
{
    /// <exception cref="CommandException">The process can't be started.</exception>
    public BackgroundProcess Start(ProcessPlan plan, LogFile log)
    {
        Directory.CreateDirectory(plan.Directory);
        return BackgroundProcess.Start(
            [ServerProgram.Dotnet, program, .. plan.Arguments],
            new Dictionary<string, string> { [UpOptions.ConnectionVariable] = connectionString },
            log);
    }
}
