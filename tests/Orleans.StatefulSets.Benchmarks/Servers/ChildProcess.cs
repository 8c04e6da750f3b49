using System.Diagnostics;

namespace Orleans.StatefulSets.Benchmarks.Servers;

/// <summary>A process that ends, at the latest, with its holder; its output is kept for the case that it fails.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int LinesKept = 20;

    private readonly Process process;
    private readonly Queue<string> lines = [];

    public ChildProcess(string file, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // What a shell's variables say to the server would be measured too.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ORLEANS_STATEFULSETS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        process = Process.Start(start) ?? throw new BenchmarkException($"{file} did not start");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>The last lines that it printed.</summary>
    public string Output
    {
        get
        {
            lock (lines)
            {
                return string.Join('\n', lines);
            }
        }
    }

    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    /// <summary>SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        // The shell's own kill: .NET has no way to send SIGTERM, and the program kill is not on every machine.
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > LinesKept)
            {
                lines.Dequeue();
            }
        }
    }
}
