using System.ComponentModel;
using System.Diagnostics;
using Orleans.StatefulSets.Cli.CommandLine;

namespace Orleans.StatefulSets.Cli.Processes;

/// <summary>
/// A process that prints to a file, in a session of its own: a Ctrl-C in the terminal is for whoever started it, who ends it in order, and
/// it goes on where its parent is killed.
/// </summary>
internal sealed class BackgroundProcess : IDisposable
{
    // The shell becomes the program, so that its id is the program's. Where there is no setsid the program stays in the terminal's session.
    private const string Script = """log=$0; if command -v setsid >/dev/null; then exec setsid "$@" >>"$log" 2>&1 </dev/null; else exec "$@" >>"$log" 2>&1 </dev/null; fi""";

    private readonly Process process;

    private BackgroundProcess(Process process, ProcessIdentity? identity) => (this.process, Identity) = (process, identity);

    /// <summary>Which it is; null where it ended before anybody looked.</summary>
    public ProcessIdentity? Identity { get; }

    /// <summary>How it ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Starts a program.</summary>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="variables">Variables of its environment besides this process's.</param>
    /// <param name="log">What it prints to.</param>
    /// <exception cref="CommandException">It can't be started.</exception>
    public static BackgroundProcess Start(IEnumerable<string> words, IReadOnlyDictionary<string, string> variables, LogFile log)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, log.Path, .. words]) { UseShellExecute = false };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        try
        {
            var process = Process.Start(start) ?? throw new CommandException($"{words.First()} did not start");
            return new BackgroundProcess(process, ProcessIdentity.Find(process.Id));
        }
        catch (Win32Exception failure)
        {
            throw new CommandException($"{words.First()} can't be started: {failure.Message}", failure);
        }
    }

    public Task WaitForExitAsync(CancellationToken cancellation) => process.WaitForExitAsync(cancellation);

    public void Dispose() => process.Dispose();
}
