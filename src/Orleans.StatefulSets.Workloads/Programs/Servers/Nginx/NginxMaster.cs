using System.Globalization;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Tools;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>nginx's master process.</summary>
/// <param name="process">The process.</param>
/// <param name="command">What it was started with.</param>
internal sealed class NginxMaster(Process process, NginxCommand command) : MasterProcess(process)
{
    /// <summary>Descriptors of a worker that are no connections.</summary>
    private const int SpareDescriptors = 16;

    private readonly NginxLogs logs = new(process);
    private NginxConfig? config;
    private bool isServing;

    protected override (int Times, TimeSpan Pause) Patience => (5, TimeSpan.FromMilliseconds(500));

    /// <summary>Says something in the error log, and until it serves on standard error, too.</summary>
    public async ValueTask SayAsync(LogLevel level, string text)
    {
        if (config is null)
        {
            await OpenUsualLogAsync();
        }

        await logs.ComplainAsync(config?.ErrorLog ?? new ErrorLogTarget(NginxPaths.ErrorLog, LogLevel.Error), level, Process, text);
        if (level <= LogLevel.Warn && !isServing && config?.ErrorLog.Path != "stderr")
        {
            await Process.ComplainAsync($"nginx: [{NginxLogs.NameOf(level)}] {text}\n");
        }
    }

    /// <summary>Reads the configuration and opens its logs.</summary>
    /// <returns>Null where it can't be used, which was said.</returns>
    public async ValueTask<NginxConfig?> ReadAsync()
    {
        var reader = new ConfigReader(Process);
        try
        {
            var directives = await reader.ReadAsync(command.ConfigPath, command.Globals);
            var read = await new ConfigBuilder(Process).BuildAsync(directives, command.Version, reader.Files);
            await logs.OpenAsync(read.LogPaths.Append(read.ErrorLog.Path).Concat(read.Servers.Select(server => server.Root.Settings.ErrorLog?.Path).OfType<string>()));
            config = read;
            if (read.User is not null && !Process.Credentials.IsRoot)
            {
                var place = directives.First(directive => directive.Name == "user").Place;
                await SayAsync(LogLevel.Warn, $"the \"user\" directive makes sense only if the master process runs with super-user privileges, ignored in {place}");
            }

            foreach (var directive in reader.WithoutEffect.DistinctBy(directive => directive.Name))
            {
                await SayAsync(LogLevel.Warn, $"\"{directive.Name}\" is not emulated, ignored in {directive.Place}");
            }

            return read;
        }
        catch (NginxConfigException failure)
        {
            await SayAsync(LogLevel.Emerg, failure.Message);
            return null;
        }
    }

    /// <summary>Closes the logs: whoever reads what they lead to waits no more.</summary>
    public ValueTask CloseLogsAsync() => logs.CloseAsync();

    /// <summary>Sends a signal to the master whose number stands in the pid file (<c>nginx -s</c>).</summary>
    public async ValueTask<int> SignalAsync(int signal)
    {
        if (await ReadAsync() is not { } read)
        {
            return 1;
        }

        await SayAsync(LogLevel.Notice, "signal process started");
        const int longest = 32;
        try
        {
            var text = ByteText.FromBytes(await Process.Container.Files.ReadAllAsync(Process.Caller, read.PidPath, longest)).Trim();
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                await SayAsync(LogLevel.Error, $"invalid PID number \"{text}\" in \"{read.PidPath}\"");
                return 1;
            }

            if (Process.Table.Find(number) is not { } master)
            {
                await SayAsync(LogLevel.Alert, $"kill({number}, {signal}) failed (3: No such process)");
                return 1;
            }

            master.Send(signal);
            return 0;
        }
        catch (FileException failure)
        {
            await SayAsync(LogLevel.Error, $"open() \"{read.PidPath}\" failed ({(int)failure.Code}: {failure.Message})");
            return 1;
        }
    }

    /// <summary>Makes what nginx makes before it serves: the folders for what it puts aside.</summary>
    public async ValueTask<bool> MakeFoldersAsync(NginxConfig read)
    {
        foreach (var path in read.TempPaths)
        {
            try
            {
                await Process.Container.Files.MakeDirectoryAsync(Process.Caller, path, 0x1C0);
            }
            catch (FileException failure) when (failure.Code != Errno.EEXIST)
            {
                await SayAsync(LogLevel.Emerg, $"mkdir() \"{path}\" failed ({(int)failure.Code}: {failure.Message})");
                return false;
            }
            catch (FileException)
            {
                // It is there.
            }
        }

        return true;
    }

    protected override async ValueTask<Generation?> LoadAsync(bool isFirst)
    {
        var before = config;
        if (await ReadAsync() is not { } read || !await MakeFoldersAsync(read))
        {
            config = before;
            return null;
        }

        if (!isFirst)
        {
            await SayAsync(LogLevel.Notice, "using the \"epoll\" event method");
            await SayAsync(LogLevel.Notice, "start worker processes");
        }

        var most = Math.Min(read.Connections, Process.Container.Limits.OpenFiles - SpareDescriptors);
        return new Generation(read.Ports, read.Workers, ["nginx:", "worker", "process"], await WorkerUserAsync(read), most, new NginxSite(read, logs, () => AllConnections));
    }

    protected override async ValueTask BindFailedAsync(int port, FileException failure, bool isLast)
    {
        var address = config!.Servers.SelectMany(server => server.Listens).First(listen => listen.Port == port).Address;
        await SayAsync(LogLevel.Emerg, $"bind() to {address} failed ({(int)failure.Code}: {failure.Message})");
        await (isLast ? SayAsync(LogLevel.Emerg, "still could not bind()") : default);
    }

    protected override async ValueTask<bool> StartedAsync(Generation generation)
    {
        try
        {
            await Process.Container.Files.WriteAllAsync(Process.Caller, config!.PidPath, ByteText.ToBytes($"{Process.Id}\n"), 0x1A4);
        }
        catch (FileException failure)
        {
            await SayAsync(LogLevel.Emerg, $"open() \"{config!.PidPath}\" failed ({(int)failure.Code}: {failure.Message})");
            return false;
        }

        isServing = true;
        Process.Arguments = ["nginx:", "master", "process", .. Process.Arguments];
        var files = Process.Container.Limits.OpenFiles;
        foreach (var text in new[] { "using the \"epoll\" event method", $"nginx/{command.Version}", "OS: Linux", $"getrlimit(RLIMIT_NOFILE): {files}:{files}", "start worker processes" })
        {
            await SayAsync(LogLevel.Notice, text);
        }

        return true;
    }

    protected override async ValueTask SignalledAsync(int signal)
    {
        var what = signal switch
        {
            Signals.Hangup => ", reconfiguring",
            Signals.Quit => ", shutting down",
            Signals.Terminate or Signals.Interrupt => ", exiting",
            _ => "",
        };
        await SayAsync(LogLevel.Notice, $"signal {signal} (SIG{Signals.Names[signal]}) received{what}");
        await (signal == Signals.Hangup ? SayAsync(LogLevel.Notice, "reconfiguring") : default);
    }

    protected override ValueTask WorkerStartedAsync(Process worker) => SayAsync(LogLevel.Notice, $"start worker process {worker.Id}");

    protected override ValueTask WorkerEndedAsync(Process worker, int status) => worker.Signal == 0
        ? SayAsync(LogLevel.Notice, $"worker process {worker.Id} exited with code {status}")
        : SayAsync(LogLevel.Alert, $"worker process {worker.Id} exited on signal {worker.Signal}");

    protected override ValueTask TurnedAwayAsync(Process worker, int most) => SayAsync(LogLevel.Alert, $"{most} worker_connections are not enough");

    protected override ValueTask ReopenAsync() => logs.ReopenAsync();

    protected override async ValueTask StoppedAsync()
    {
        await SayAsync(LogLevel.Notice, "exit");
        try
        {
            await Process.Container.Files.RemoveFileAsync(Process.Caller, config!.PidPath);
        }
        catch (FileException)
        {
            // Somebody took it away.
        }

        await logs.CloseAsync();
    }

    private async ValueTask OpenUsualLogAsync()
    {
        try
        {
            await logs.OpenAsync([NginxPaths.ErrorLog]);
        }
        catch (NginxConfigException failure)
        {
            await Process.ComplainAsync($"nginx: [alert] could not open error log file: {failure.Message}\n");
        }
    }

    private async ValueTask<Credentials> WorkerUserAsync(NginxConfig read)
    {
        if (!Process.Credentials.IsRoot)
        {
            return Process.Credentials;
        }

        var accounts = await Accounts.ReadAsync(new ToolCall(Process, "nginx"));
        var user = read.User ?? "nobody";
        var groups = accounts.GroupsOf(user).Concat(Process.Credentials.Groups).Distinct().ToList();
        return new Credentials(accounts.Uid(user) ?? 65_534, accounts.GroupOf(user) ?? 65_534, groups);
    }
}
