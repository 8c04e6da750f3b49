using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>nginx: a web server and proxy.</summary>
/// <param name="version">The version that it says it is.</param>
internal sealed class NginxProgram(string version) : IProgram
{
    private const int User1 = 10;

    private const string Usage = """
        Usage: nginx [-?hvVtTq] [-s signal] [-p prefix]
                     [-e filename] [-c filename] [-g directives]

        Options:
          -?,-h         : this help
          -v            : show version and exit
          -V            : show version and configure options then exit
          -t            : test configuration and exit
          -T            : test configuration, dump it and exit
          -q            : suppress non-error messages during configuration testing
          -s signal     : send signal to a master process: stop, quit, reopen, reload
          -p prefix     : set prefix path (default: /etc/nginx/)
          -e filename   : set error log file (default: /var/log/nginx/error.log)
          -c filename   : set configuration file (default: /etc/nginx/nginx.conf)
          -g directives : set global directives out of configuration file


        """;

    public IReadOnlyList<string> Names { get; } = ["nginx"];

    public async ValueTask<int> RunAsync(Process process)
    {
        var command = NginxCommand.Parse(version, [.. process.Arguments.Skip(1)]);
        if (command.Error is { } error)
        {
            await process.ComplainAsync($"nginx: {error}\n");
            return 1;
        }

        if (command.Flags.AsSpan().IndexOfAny("?hvV") >= 0)
        {
            await process.ComplainAsync($"nginx version: nginx/{version}\n{(command.Flags.AsSpan().IndexOfAny("?h") >= 0 ? Usage : "")}");
            return 0;
        }

        if (command.Flags.AsSpan().IndexOfAny("tT") >= 0)
        {
            return await BrieflyAsync(process, command, master => TestAsync(process, command, master));
        }

        return command.Signal switch
        {
            "stop" => await BrieflyAsync(process, command, master => master.SignalAsync(Signals.Terminate)),
            "quit" => await BrieflyAsync(process, command, master => master.SignalAsync(Signals.Quit)),
            "reload" => await BrieflyAsync(process, command, master => master.SignalAsync(Signals.Hangup)),
            "reopen" => await BrieflyAsync(process, command, master => master.SignalAsync(User1)),
            _ => await ServeAsync(process, command),
        };
    }

    // What does not serve leaves no log open behind it.
    private static async ValueTask<int> BrieflyAsync(Process process, NginxCommand command, Func<NginxMaster, ValueTask<int>> work)
    {
        var master = new NginxMaster(process, command);
        try
        {
            return await work(master);
        }
        finally
        {
            await master.CloseLogsAsync();
        }
    }

    private static async ValueTask<int> TestAsync(Process process, NginxCommand command, NginxMaster master)
    {
        var isQuiet = command.Flags.Contains('q');
        var read = await master.ReadAsync();
        if (read is not null && !isQuiet)
        {
            await process.ComplainAsync($"nginx: the configuration file {command.ConfigPath} syntax is ok\n");
        }

        if (read is null || !await master.MakeFoldersAsync(read))
        {
            await process.ComplainAsync($"nginx: configuration file {command.ConfigPath} test failed\n");
            return 1;
        }

        if (!isQuiet)
        {
            await process.ComplainAsync($"nginx: configuration file {command.ConfigPath} test is successful\n");
        }

        return await (command.Flags.Contains('T') ? DumpAsync(process, read.Files) : new(0));
    }

    private static async ValueTask<int> DumpAsync(Process process, IReadOnlyList<(string Path, string Text)> files)
    {
        foreach (var (path, text) in files)
        {
            await process.PrintAsync($"# configuration file {path}:\n{text}\n");
        }

        return 0;
    }

    /// <summary>Unless <c>daemon off</c> says otherwise, the server goes on in a child, and whoever started it goes on, too.</summary>
    private static async ValueTask<int> ServeAsync(Process process, NginxCommand command)
    {
        if (!await IsDaemonAsync(process, command))
        {
            return await new NginxMaster(process, command).RunAsync();
        }

        var started = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var child = process.Table.Fork(process);
        child.ParentId = 1;
        child.Group = child.Id;
        _ = process.Table.RunAsync(child, daemon => new NginxMaster(daemon, command).RunAsync(status => started.TrySetResult(status)));
        return await started.Task.WaitAsync(process.Killed);
    }

    private static async ValueTask<bool> IsDaemonAsync(Process process, NginxCommand command)
    {
        try
        {
            var directives = await new ConfigReader(process).ReadAsync(command.ConfigPath, command.Globals);
            return directives.FirstOrDefault(directive => directive.Name == "daemon")?.Value != "off";
        }
        catch (NginxConfigException)
        {
            // The master says what is wrong.
            return false;
        }
    }
}
