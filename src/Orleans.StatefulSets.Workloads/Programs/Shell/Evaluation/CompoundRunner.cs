using Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>Runs if, loops, case, and takes function definitions.</summary>
internal sealed class CompoundRunner(Interpreter shell)
{
    public async ValueTask<int> RunAsync(Command command, Mode mode)
    {
        switch (command)
        {
            case IfCommand branches:
                return await RunIfAsync(branches, mode);
            case WhileCommand loop:
                return await RunWhileAsync(loop, mode & ~Mode.Last);
            case ForCommand loop:
                return await RunForAsync(loop, mode & ~Mode.Last);
            case CaseCommand branches:
                return await RunCaseAsync(branches, mode);
            case FunctionDefinition function:
                shell.Functions[function.Name] = function;
                return 0;
            default:
                throw new InvalidOperationException(command.GetType().Name);
        }
    }

    private async ValueTask<int> RunIfAsync(IfCommand command, Mode mode)
    {
        foreach (var branch in command.Branches)
        {
            var status = await shell.RunAsync(branch.Condition, Mode.Tested);
            if (shell.Skip != Skip.None)
            {
                return status;
            }

            if (status == 0)
            {
                return await shell.RunAsync(branch.Body, mode);
            }
        }

        return command.Otherwise is null ? 0 : await shell.RunAsync(command.Otherwise, mode);
    }

    private async ValueTask<int> RunWhileAsync(WhileCommand loop, Mode mode)
    {
        var status = 0;
        shell.Loops++;
        try
        {
            while (true)
            {
                var condition = await shell.RunAsync(loop.Condition, Mode.Tested);
                if (shell.Skip != Skip.None)
                {
                    if (EndsLoop())
                    {
                        return shell.Skip == Skip.Return ? condition : status;
                    }

                    continue;
                }

                if ((condition == 0) == loop.IsUntil)
                {
                    return status;
                }

                status = await shell.RunAsync(loop.Body, mode);
                if (EndsLoop())
                {
                    return status;
                }
            }
        }
        finally
        {
            shell.Loops--;
        }
    }

    private async ValueTask<int> RunForAsync(ForCommand loop, Mode mode)
    {
        IReadOnlyList<string> values = loop.Words is null ? shell.Parameters : await shell.Expander.FieldsAsync(loop.Words);
        var status = 0;
        shell.Loops++;
        try
        {
            foreach (var value in values)
            {
                shell.Variables.Set(loop.Name, value);
                status = await shell.RunAsync(loop.Body, mode);
                if (EndsLoop())
                {
                    break;
                }
            }
        }
        finally
        {
            shell.Loops--;
        }

        return status;
    }

    /// <summary>Deals with break, continue and return behind a loop's body.</summary>
    private bool EndsLoop()
    {
        if (shell.Skip is Skip.None or Skip.Return)
        {
            return shell.Skip == Skip.Return;
        }

        if (--shell.SkipCount > 0)
        {
            return true;
        }

        var ends = shell.Skip == Skip.Break;
        shell.Skip = Skip.None;
        return ends;
    }

    private async ValueTask<int> RunCaseAsync(CaseCommand command, Mode mode)
    {
        var subject = await shell.Expander.TextAsync(command.Subject);
        foreach (var branch in command.Branches)
        {
            foreach (var pattern in branch.Patterns)
            {
                if (Pattern.Matches(await shell.Expander.PatternAsync(pattern), subject))
                {
                    return branch.Body is null ? 0 : await shell.RunAsync(branch.Body, mode);
                }
            }
        }

        return 0;
    }
}
