using System.Globalization;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Tools;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Httpd;

/// <summary>httpd's first process.</summary>
internal sealed class HttpdMaster(Process process, string version) : MasterProcess(process)
{
    private const string PidPath = "/usr/local/apache2/logs/httpd.pid";

    /// <summary>Connections at once, as its event module has it: <c>MaxRequestWorkers</c>.</summary>
    private const int MostConnections = 400;

    protected override bool QuitsOnWindowChange => true;

    protected override async ValueTask<Generation?> LoadAsync(bool isFirst)
    {
        var config = await HttpdConfig.ReadAsync(Process);
        if (config.Error is { } error)
        {
            await Process.ComplainAsync(error + "\n");
            return null;
        }

        if (config.ServerName is null)
        {
            var address = Process.Container.Network.Address?.ToString() ?? "127.0.0.1";
            await Process.ComplainAsync($"AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using {address}. Set the 'ServerName' directive globally to suppress this message\n");
        }

        var accounts = await Accounts.ReadAsync(new ToolCall(Process, "httpd"));
        var user = Process.Credentials.IsRoot ? new Credentials(accounts.UidOf(config.User) ?? 33, accounts.GroupOf(config.User) ?? 33, Process.Credentials.Groups) : Process.Credentials;
        return new Generation(config.Ports, 1, Process.Arguments, user, MostConnections, new HttpdSite(config, version, Process));
    }

    protected override async ValueTask BindFailedAsync(int port, FileException failure, bool isLast) =>
        await Process.ComplainAsync($"({(int)failure.Code}){failure.Message}: AH00072: make_sock: could not bind to address 0.0.0.0:{port}\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n");

    protected override async ValueTask<bool> StartedAsync(Generation generation)
    {
        try
        {
            await Process.Container.Files.WriteAllAsync(Process.Caller, PidPath, ByteText.ToBytes($"{Process.Id}\n"), 0x1A4);
        }
        catch (FileException failure)
        {
            await Process.ComplainAsync($"({(int)failure.Code}){failure.Message}: AH00099: could not create {PidPath}\nAH00100: httpd: could not log pid to file {PidPath}\n");
            return false;
        }

        await NoteAsync("mpm_event", $"AH00489: Apache/{version} (Unix) configured -- resuming normal operations");
        await NoteAsync("core", $"AH00094: Command line: '{string.Join(' ', Process.Arguments)}'");
        return true;
    }

    protected override async ValueTask SignalledAsync(int signal)
    {
        var text = signal switch
        {
            Signals.Hangup => "AH00494: SIGHUP received.  Attempting to restart",
            Signals.WindowChange => "AH00492: caught SIGWINCH, shutting down gracefully",
            Signals.Terminate or Signals.Interrupt or Signals.Quit => "AH00491: caught SIGTERM, shutting down",
            _ => null,
        };
        await (text is null ? default : NoteAsync("mpm_event", text));
    }

    protected override async ValueTask StoppedAsync()
    {
        try
        {
            await Process.Container.Files.RemoveFileAsync(Process.Caller, PidPath);
        }
        catch (FileException)
        {
            // Somebody took it away.
        }
    }

    private ValueTask NoteAsync(string module, string text)
    {
        var time = Process.Container.Clock.GetUtcNow().ToString("ddd MMM dd HH:mm:ss.ffffff yyyy", CultureInfo.InvariantCulture);
        return Process.ComplainAsync($"[{time}] [{module}:notice] [pid {Process.Id}:tid {Process.Id}] {text}\n");
    }
}
