using System.Diagnostics;

namespace Orleans.StatefulSets.Acceptance.Tests;

/// <summary>A process that the test started: its output by lines, in order, and its end by its own id only.</summary>
internal sealed class CapturedProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> output = [];
    private readonly List<string> errors = [];
    private readonly Task reading;

    private CapturedProcess(Process process)
    {
        this.process = process;
        Command = $"{Path.GetFileName(process.StartInfo.FileName)} {string.Join(' ', process.StartInfo.ArgumentList)}";
        reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, errors));
    }

    public string Command { get; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public IReadOnlyList<string> Output => Copy(output);

    public IReadOnlyList<string> Errors => Copy(errors);

    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set, or (null) to take away.</param>
    public static CapturedProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start");
        process.StandardInput.Close();
        return new CapturedProcess(process);
    }

    /// <summary>Waits for the end and for all of the output.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            await reading.WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"'{Command}' did not end within {limit.TotalSeconds} s.\n{Describe()}");
        }

        return process.ExitCode;
    }

    /// <summary>Asks the process to end, as Ctrl-C's brother does.</summary>
    public Task TerminateAsync() => SignalAsync("TERM");

    /// <summary>Sends the process a signal.</summary>
    public async Task SignalAsync(string signal)
    {
        // The shell's own kill: .NET has no way to send a signal, and the program kill is not on every machine.
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>kill -9.</summary>
    public void Kill() => process.Kill();

    public string Describe() => $"$ {Command}\n{string.Join('\n', Output)}\n{string.Join('\n', Errors)}";

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        await reading;
        process.Dispose();
    }

    private static async Task ReadAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }
    }

    private static List<string> Copy(List<string> lines)
    {
        lock (lines)
        {
            return [.. lines];
        }
    }
}
