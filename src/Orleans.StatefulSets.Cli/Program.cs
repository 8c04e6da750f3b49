using Orleans.StatefulSets.Cli.CommandLine;

return await CliCommandLine.RunAsync(args, Surroundings.OfThisProcess());
