namespace Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;

/// <summary><c>set</c>: options and positional parameters.</summary>
internal static class SetBuiltin
{
    public static async ValueTask<int> RunAsync(BuiltinCall call)
    {
        if (call.Arguments.Count == 1)
        {
            foreach (var (name, variable) in call.Shell.Variables.All.Where(pair => pair.Value.Value is not null))
            {
                await call.PrintAsync($"{name}={Quoting.Always(variable.Value!)}\n");
            }

            return 0;
        }

        var i = 1;
        for (; i < call.Arguments.Count; i++)
        {
            var argument = call.Arguments[i];
            if (argument is "--" or "-")
            {
                call.Shell.Parameters = [.. call.Arguments.Skip(i + 1)];
                return 0;
            }

            if (argument.Length < 2 || argument[0] is not ('-' or '+'))
            {
                break;
            }

            var (status, taken) = await SwitchAsync(call, argument, i + 1 < call.Arguments.Count ? call.Arguments[i + 1] : null);
            if (status != 0)
            {
                return status;
            }

            i += taken;
        }

        if (i < call.Arguments.Count)
        {
            call.Shell.Parameters = [.. call.Arguments.Skip(i)];
        }

        return 0;
    }

    /// <summary>Carries what the options say to those who need to know.</summary>
    public static void Apply(Interpreter shell)
    {
        shell.Variables.DemandsAll = shell.Options["nounset"];
        shell.Variables.ExportsAll = shell.Options["allexport"];
    }

    private static async ValueTask<(int Status, int Taken)> SwitchAsync(BuiltinCall call, string argument, string? next)
    {
        var isOn = argument[0] == '-';
        var taken = 0;
        foreach (var letter in argument.Skip(1))
        {
            if (letter != 'o')
            {
                if (!call.Shell.Options.Set(letter, isOn) && !(letter == 'i'))
                {
                    throw call.Error($"illegal option {argument[0]}{letter}");
                }

                continue;
            }

            if (next is null)
            {
                await call.PrintAsync(string.Concat(Options.All.Select(option => isOn
                    ? $"{option.Name,-16}{(call.Shell.Options[option.Name] ? "on" : "off")}\n"
                    : $"set {(call.Shell.Options[option.Name] ? "-" : "+")}o {option.Name}\n")));
            }
            else if (!call.Shell.Options.Set(next, isOn))
            {
                await call.ComplainAsync($"illegal option {argument[0]}o {next}");
                return (1, 0);
            }
            else
            {
                taken = 1;
            }
        }

        Apply(call.Shell);
        return (0, taken);
    }
}
