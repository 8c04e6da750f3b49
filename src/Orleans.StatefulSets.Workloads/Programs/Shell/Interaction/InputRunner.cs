using System.Text;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Interaction;

/// <summary>Runs the commands that come from standard input, each as soon as it is whole: from a person at a terminal, or from a pipe.</summary>
internal sealed class InputRunner(Interpreter shell)
{
    private readonly LineEditor? editor = shell.IsInteractive && shell.Process.Input is TerminalFile terminal ? new LineEditor(shell, terminal.Terminal) : null;
    private readonly byte[] chunk = new byte[4096];
    private string text = "";
    private bool isAtEnd;
    private int line = 1;

    /// <summary>Runs to the end of input.</summary>
    public async ValueTask<int> RunAsync()
    {
        while (true)
        {
            try
            {
                if (!await RunOneAsync())
                {
                    return shell.Status;
                }
            }
            catch (ShellInterrupt) when (shell.IsInteractive)
            {
                text = "";
                shell.Status = 128 + Signals.Interrupt;
                await shell.Process.ComplainAsync("\n");
            }
            catch (ShellError error) when (shell.IsInteractive)
            {
                text = "";
                shell.Status = error.Status;
                await shell.ComplainAsync(error.Message);
            }

            if (shell.IsInteractive)
            {
                shell.Skip = Skip.None;
                await TellOfJobsAsync();
            }
        }
    }

    private async ValueTask<bool> RunOneAsync()
    {
        while (true)
        {
            if (text.Length == 0 && !await ReadMoreAsync(isContinued: false))
            {
                return await EndAsync();
            }

            var lexer = new Lexer(text, line) { MoreMayCome = !isAtEnd };
            Command? command;
            try
            {
                command = new Parser(lexer, shell.Aliases.GetValueOrDefault).ParseLine();
            }
            catch (ShellSyntaxException problem) when (problem.IsEndOfText && !isAtEnd)
            {
                await ReadMoreAsync(isContinued: true);
                continue;
            }
            catch (ShellSyntaxException problem)
            {
                text = "";
                throw new ShellError(problem.Message);
            }

            line = lexer.Line;
            text = text[Math.Min(lexer.Consumed, text.Length)..];
            if (command is null)
            {
                text = "";
                continue;
            }

            await shell.RunAsync(command, Mode.None);
            return true;
        }
    }

    private async ValueTask<bool> EndAsync()
    {
        if (!shell.IsInteractive)
        {
            return false;
        }

        if (editor is not null)
        {
            await shell.Process.ComplainAsync(shell.Options.IgnoresEnd ? "\nUse \"exit\" to leave shell.\n" : "");
        }

        return shell.Options.IgnoresEnd;
    }

    /// <summary>Reads a line more; false at the end.</summary>
    private async ValueTask<bool> ReadMoreAsync(bool isContinued)
    {
        string? more;
        if (editor is not null)
        {
            more = await editor.ReadAsync(await Prompt.TextAsync(shell, isContinued ? "PS2" : "PS1"));
        }
        else
        {
            if (shell.IsInteractive)
            {
                await shell.Process.ComplainAsync(await Prompt.TextAsync(shell, isContinued ? "PS2" : "PS1"));
            }

            more = await ReadPieceAsync();
        }

        if (more is null)
        {
            isAtEnd = true;
            return false;
        }

        if (shell.Options.Echoes)
        {
            await shell.Process.ComplainAsync(more);
        }

        text += more;
        shell.Expander.Bound(text.Length);
        return true;
    }

    /// <summary>What the input holds, as busybox reads it: commands find what follows only where it came later. Lines are whole, but for the last.</summary>
    private async ValueTask<string?> ReadPieceAsync()
    {
        var file = shell.Process.Input;
        var read = new StringBuilder();
        while (file is not null)
        {
            var count = await file.ReadAsync(chunk, shell.Process.Killed);
            if (count == 0)
            {
                break;
            }

            await shell.Process.StepAsync();
            read.Append(ByteText.FromBytes(chunk.AsSpan(0, count)));
            shell.Expander.Bound(read.Length);
            if (chunk[count - 1] == '\n')
            {
                break;
            }
        }

        return read.Length == 0 ? null : read.ToString();
    }

    private async ValueTask TellOfJobsAsync()
    {
        foreach (var job in shell.Jobs.All.Where(job => job.HasEnded).ToList())
        {
            shell.Jobs.Remove(job);
            await shell.Process.ComplainAsync($"[{job.Number}]+  {Builtins.JobControl.State(job),-27}{job.Text}\n");
        }
    }
}
