using System.Diagnostics;
using System.Text;

namespace Orleans.StatefulSets.Acceptance.Tests.Kubectl;

/// <summary>
/// A real shell in a real pseudo-terminal (util-linux' <c>script</c>) where <c>kubectl</c> is one version of it: commands are typed as a
/// page prints them, and what the screen then shows is looked at.
/// </summary>
internal sealed class TypedTerminal : IAsyncDisposable
{
    private const string Prompt = "typed-here> ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder screen = new();
    private readonly Task reading;
    private int seen;

    private TypedTerminal(Process process)
    {
        this.process = process;
        reading = ReadAsync();
    }

    private string Screen
    {
        get
        {
            lock (screen)
            {
                return screen.ToString();
            }
        }
    }

    private string Unseen
    {
        get
        {
            lock (screen)
            {
                return screen.ToString(seen, screen.Length - seen);
            }
        }
    }

    /// <summary>Opens a terminal.</summary>
    /// <param name="kubectl">The program that <c>kubectl</c> is to be.</param>
    /// <param name="home">A folder of the terminal's own.</param>
    /// <param name="environment">Variables of the shell.</param>
    public static async Task<TypedTerminal> OpenAsync(string kubectl, string home, IReadOnlyDictionary<string, string?> environment)
    {
        Requirement.Of(File.Exists("/usr/bin/script"), "util-linux' script, which makes pseudo-terminals");
        var programs = Directory.CreateDirectory(Path.Combine(home, "bin"));
        File.CreateSymbolicLink(Path.Combine(programs.FullName, "kubectl"), kubectl);
        var start = new ProcessStartInfo("/usr/bin/script", ["-qfec", $"stty cols 200 && PS1='{Prompt}' exec bash --noprofile --norc -i", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = home,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = $"{programs.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["TERM"] = "dumb";
        start.Environment["SHELL"] = "/bin/bash";
        var terminal = new TypedTerminal(Process.Start(start) ?? throw new InvalidOperationException("script did not start"));
        await terminal.UntilAsync(Prompt);
        return terminal;
    }

    /// <summary>Types a command and waits until the shell asks for the next.</summary>
    /// <returns>What it printed, lines divided by <c>\n</c>.</returns>
    public async Task<string> RunAsync(string command)
    {
        await TypeAsync(command + "\n");
        var shown = await UntilAsync(Prompt);
        // The first line is what was typed, as the terminal showed it.
        return shown[(shown.IndexOf('\n', StringComparison.Ordinal) + 1)..].TrimEnd('\n');
    }

    /// <summary>Waits until the shell asks for the next command.</summary>
    /// <returns>What was shown until then.</returns>
    public Task<string> UntilPromptAsync() => UntilAsync(Prompt);

    /// <summary>Types keys.</summary>
    public async Task TypeAsync(string keys)
    {
        await process.StandardInput.WriteAsync(keys);
        await process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until the screen shows a text that was not seen yet.</summary>
    /// <returns>What it showed before that.</returns>
    public async Task<string> UntilAsync(string text)
    {
        await Deadline.WaitAsync(Patience, () => Unseen.Contains(text, StringComparison.Ordinal), () => $"'{text}' was not shown. The screen:\n{Screen}");
        var shown = Unseen;
        var at = shown.IndexOf(text, StringComparison.Ordinal);
        seen += at + text.Length;
        return shown[..at].Replace("\r", "", StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        await reading;
        process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        int count;
        while ((count = await process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            lock (screen)
            {
                screen.Append(buffer, 0, count);
            }
        }
    }
}
