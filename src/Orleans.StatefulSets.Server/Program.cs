using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Grains.Hosting;
using Orleans.StatefulSets.Server.Composition;
using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Server.Startup;
using Orleans.StatefulSets.Server.Transfer;

switch (ServerCommandLine.Parse(args, ServerCommandLine.ReadEnvironment(), Directory.GetCurrentDirectory()))
{
    case ServerCommand.Print print:
        Console.Out.Write(print.Text);
        return 0;
    case ServerCommand.Refuse refuse:
        Console.Error.WriteLine(refuse.Line);
        return ServerCommand.Refuse.ExitCode;
    case ServerCommand.Run run:
        return await RunAsync(run.Options);
    case ServerCommand.Export export:
        return await TransferAsync(export.Options.Storage, () => ExportCommand.RunAsync(export.Options, Console.OpenStandardOutput(), CancellationToken.None));
    case ServerCommand.Import import:
        return await TransferAsync(import.Options.Storage, () => ImportCommand.RunAsync(import.Options, Console.OpenStandardInput(), CancellationToken.None));
    default:
        throw new InvalidOperationException("a command line asks for one of five things");
}

// What was done is said beside the stream, which may go to standard output.
static async Task<int> TransferAsync(ServerOptions options, Func<Task<string>> work)
{
    try
    {
        Console.Error.WriteLine(await work());
        return 0;
    }
    catch (Exception failure)
    {
        return StartupFailure.Report(failure, options, Console.Error);
    }
}

static async Task<int> RunAsync(ServerOptions options)
{
    try
    {
        await using var app = await ServerHost.BuildAsync(options);
        await TakenPorts.RefuseAsync(options);
        await app.StartAsync();
        var settings = await app.Services.GetRequiredService<ClusterStart>().Ready;
        if (options.Role == ServerRole.Silo)
        {
            Console.Out.Write(Banner.OfSilo(options));
        }
        else
        {
            var kubeconfig = Kubeconfig.Write(options.DataDirectory, options.Urls[0], settings.Token);
            app.Services.GetRequiredService<ApiOptions>().BearerToken = kubeconfig.Token;
            Console.Out.Write(Banner.ForThisProcess(options, kubeconfig.Path).Write());
        }

        await app.WaitForShutdownAsync();
        if (app.Services.GetRequiredService<Departure>().Reason is { } reason)
        {
            Console.Error.WriteLine(reason);
            return StartupFailure.ExitCode;
        }

        return 0;
    }
    catch (Exception failure)
    {
        return StartupFailure.Report(failure, options, Console.Error);
    }
}
