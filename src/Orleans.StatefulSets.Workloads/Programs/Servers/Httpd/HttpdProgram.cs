using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Httpd;

/// <summary>httpd: the Apache web server.</summary>
/// <param name="version">The version that it says it is.</param>
internal sealed class HttpdProgram(string version) : IProgram
{
    public IReadOnlyList<string> Names { get; } = ["httpd"];

    public async ValueTask<int> RunAsync(Process process)
    {
        if (process.Arguments.Skip(1).Any(argument => argument is "-v" or "-V"))
        {
            await process.PrintAsync($"Server version: Apache/{version} (Unix)\nServer built:   Jan  1 2024 00:00:00\n");
            return 0;
        }

        if (process.Arguments.Skip(1).Any(argument => argument is "-t" or "configtest"))
        {
            var config = await HttpdConfig.ReadAsync(process);
            await process.ComplainAsync(config.Error is null ? "Syntax OK\n" : config.Error + "\n");
            return config.Error is null ? 0 : 1;
        }

        return await new HttpdMaster(process, version).RunAsync();
    }
}
