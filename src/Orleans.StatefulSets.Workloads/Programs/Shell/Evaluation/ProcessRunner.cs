using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>Starts child processes: pipelines, subshells, substitutions, background jobs; and waits for them.</summary>
internal sealed class ProcessRunner(Interpreter shell)
{
    /// <summary><c>( commands )</c></summary>
    public async ValueTask<int> RunSubshellAsync(Command body, Mode mode)
    {
        var child = Fork();
        return await WaitAsync(child, Begin(child, body, (mode & Mode.Tested) | Mode.Last));
    }

    /// <summary>Commands joined by pipes: all at once, each in a process of its own.</summary>
    public async ValueTask<int> RunPipelineAsync(Pipeline pipeline)
    {
        var members = await StartPipelineAsync(pipeline, isForeground: true);
        var statuses = await WaitAsync(members);
        return shell.Options.PipeFails ? statuses.LastOrDefault(status => status != 0) : statuses[^1];
    }

    /// <summary><c>command &amp;</c></summary>
    public async ValueTask<int> StartAsync(Command body)
    {
        IReadOnlyList<(Process Process, Task<int> End)> members;
        if (body is Pipeline { IsNegated: false } pipeline)
        {
            members = await StartPipelineAsync(pipeline, isForeground: false);
        }
        else
        {
            var child = Fork();
            await DetachAsync(child);
            members = [(child, Begin(child, body, Mode.Last, later: true))];
        }

        var job = shell.Jobs.Add(members, CommandText.Of(body));
        shell.LastBackground = job.Id;
        if (shell.IsInteractive)
        {
            await shell.Process.ComplainAsync($"[{job.Number}] {job.Id}\n");
        }

        return 0;
    }

    /// <summary>What commands print, without the newlines at its end.</summary>
    public async ValueTask<string> SubstituteAsync(Command commands)
    {
        var child = Fork();
        var limit = shell.Process.Container.Limits.ProcessBytes / 2;
        var sink = new ByteSink(limit);
        await child.Files.SetAsync(1, sink);
        var end = Begin(child, commands, Mode.Last);
        shell.SubstitutionStatus = shell.Status = await WaitAsync(child, end);

        // A background child of it may still write.
        await sink.Closed.WaitAsync(shell.Process.Killed);
        if (sink.Overflowed)
        {
            throw new FileException(Errno.ENOMEM);
        }

        return ByteText.FromBytes(sink.Bytes).Replace("\0", "").TrimEnd('\n');
    }

    /// <summary>Runs a program from a path in a child, and waits.</summary>
    public async ValueTask<int> RunProgramAsync(string path, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var child = Fork();
        return await WaitAsync(child, shell.Process.Table.RunAsync(child, _ => shell.Simples.ExecuteAsync(child, path, arguments, environment)));
    }

    /// <summary>Waits for a foreground child, which has the terminal meanwhile.</summary>
    private async ValueTask<int> WaitAsync(Process child, Task<int> end)
    {
        if (end.IsCompletedSuccessfully)
        {
            return end.Result;
        }

        return (await WaitAsync([(child, end)]))[0];
    }

    private async ValueTask<int[]> WaitAsync(IReadOnlyList<(Process Process, Task<int> End)> members)
    {
        var terminal = shell.IsInteractive ? shell.Process.Input as TerminalFile : null;
        if (terminal is not null)
        {
            terminal.Terminal.ForegroundGroup = members[0].Process.Group;
        }

        try
        {
            return await Task.WhenAll(members.Select(member => member.End)).WaitAsync(shell.Process.Killed);
        }
        finally
        {
            if (terminal is not null)
            {
                terminal.Terminal.ForegroundGroup = shell.Process.Group;
            }
        }
    }

    private async ValueTask<List<(Process Process, Task<int> End)>> StartPipelineAsync(Pipeline pipeline, bool isForeground)
    {
        var members = new List<(Process, Task<int>)>();
        IOpenFile? input = null;
        for (var i = 0; i < pipeline.Commands.Count; i++)
        {
            Process child;
            try
            {
                child = Fork(members.Count == 0 ? null : members[0].Item1.Group);
            }
            catch (ShellError)
            {
                await (input?.CloseAsync() ?? default);
                throw;
            }

            if (input is not null)
            {
                await child.Files.SetAsync(0, input);
                input = null;
            }
            else if (!isForeground)
            {
                await DetachAsync(child);
            }

            if (i < pipeline.Commands.Count - 1)
            {
                (input, var output) = Pipe.Open(child.Container.Limits.PipeBytes);
                await child.Files.SetAsync(1, output);
            }

            members.Add((child, Begin(child, pipeline.Commands[i], Mode.Last, later: true)));
        }

        return members;
    }

    /// <summary>A background job without a terminal reads nothing and hears no keys.</summary>
    private async ValueTask DetachAsync(Process child)
    {
        if (!shell.IsInteractive)
        {
            child.IgnoredSignals |= (1L << Signals.Interrupt) | (1L << Signals.Quit);
            await child.Files.SetAsync(0, new NullFile());
        }
    }

    private Process Fork(int? group = null)
    {
        try
        {
            var child = shell.Process.Table.Fork(shell.Process);
            if (shell.IsInteractive)
            {
                child.Group = group ?? child.Id;
            }

            return child;
        }
        catch (FileException failure) when (failure.Code == Errno.EAGAIN)
        {
            throw new ShellError("can't fork: " + failure.Message);
        }
    }

    private Task<int> Begin(Process child, Command body, Mode mode, bool later = false)
    {
        var inner = shell.Fork(child);
        return shell.Process.Table.RunAsync(child, async _ =>
        {
            if (later)
            {
                await Task.Yield();
            }

            return await inner.RunToEndAsync(() => inner.RunAsync(body, mode));
        });
    }
}
