using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;

/// <summary>The builtins about what a name means.</summary>
internal static class Lookup
{
    public static async ValueTask<int> DescribeAsync(BuiltinCall call)
    {
        var status = 0;
        var isPath = call.Arguments is [_, "-p", ..];
        foreach (var name in call.Arguments.Skip(1).Where(name => !name.StartsWith('-')))
        {
            var (kind, detail) = await FindAsync(call.Shell, name);
            status = kind is null ? 127 : status;
            await call.PrintAsync(isPath && detail is not null && kind == "file" ? detail + "\n" : Description(name, kind, detail));
        }

        return status;
    }

    public static async ValueTask<int> CommandAsync(BuiltinCall call)
    {
        var (options, operands) = call.Parse("pvV");
        if (operands.Count == 0)
        {
            return 0;
        }

        var letters = options.Select(option => option.Letter).ToList();
        if (!letters.Contains('v') && !letters.Contains('V'))
        {
            try
            {
                return await call.Shell.Simples.RunWordsAsync(operands, withFunctions: false, call.Mode, letters.Contains('p') ? Execution.DefaultPath : null);
            }
            catch (ShellError error)
            {
                await call.Shell.ComplainAsync(error.Message);
                return error.Status;
            }
        }

        var (kind, detail) = await FindAsync(call.Shell, operands[0]);
        if (letters.Contains('V'))
        {
            await call.PrintAsync(Description(operands[0], kind, detail));
        }
        else if (kind is not null)
        {
            await call.PrintAsync((kind == "file" ? detail : kind == "alias" ? $"alias {operands[0]}={Quoting.Always(detail!)}" : operands[0]) + "\n");
        }

        return kind is null ? 127 : 0;
    }

    public static ValueTask<int> Hash(BuiltinCall call) => new(0);

    public static async ValueTask<int> AliasAsync(BuiltinCall call)
    {
        var aliases = call.Shell.Aliases;
        if (call.Arguments.Count == 1)
        {
            foreach (var (name, value) in aliases.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                await call.PrintAsync($"{name}={Quoting.Always(value)}\n");
            }
        }

        var status = 0;
        foreach (var operand in call.Operands)
        {
            var equals = operand.IndexOf('=', Math.Min(1, operand.Length));
            if (equals > 0)
            {
                aliases[operand[..equals]] = operand[(equals + 1)..];
            }
            else if (aliases.TryGetValue(operand, out var value))
            {
                await call.PrintAsync($"{operand}={Quoting.Always(value)}\n");
            }
            else
            {
                await call.Shell.Process.ComplainAsync($"alias: {operand} not found\n");
                status = 1;
            }
        }

        return status;
    }

    public static async ValueTask<int> UnaliasAsync(BuiltinCall call)
    {
        var (options, operands) = call.Parse("a");
        if (options.Count > 0)
        {
            call.Shell.Aliases.Clear();
        }

        var status = 0;
        foreach (var operand in operands.Where(operand => !call.Shell.Aliases.Remove(operand)))
        {
            await call.Shell.Process.ComplainAsync($"unalias: {operand} not found\n");
            status = 1;
        }

        return status;
    }

    public static async ValueTask<int> HelpAsync(BuiltinCall call)
    {
        await call.PrintAsync("Built-in commands:\n------------------\n");
        var line = "\t";
        foreach (var name in BuiltinTable.Names)
        {
            if (line.Length + name.Length > 68)
            {
                await call.PrintAsync(line.TrimEnd(' ') + "\n");
                line = "\t";
            }

            line += name + " ";
        }

        await call.PrintAsync(line.TrimEnd(' ') + "\n");
        return 0;
    }

    private static async ValueTask<(string? Kind, string? Detail)> FindAsync(Interpreter shell, string name)
    {
        if (Keywords.Has(name))
        {
            return ("keyword", null);
        }

        if (shell.Aliases.TryGetValue(name, out var alias))
        {
            return ("alias", alias);
        }

        if (shell.Functions.ContainsKey(name))
        {
            return ("function", null);
        }

        if (BuiltinTable.Find(name) is { } builtin)
        {
            return (builtin.IsSpecial ? "special" : "builtin", null);
        }

        var path = await Execution.FindInPathAsync(shell.Process, name, shell.Variables.Get("PATH") ?? Execution.DefaultPath);
        return path is not null && await Execution.IsExecutableAsync(shell.Process, path) ? ("file", path) : (null, null);
    }

    private static string Description(string name, string? kind, string? detail) => kind switch
    {
        null => $"{name}: not found\n",
        "keyword" => $"{name} is a shell keyword\n",
        "alias" => $"{name} is an alias for {detail}\n",
        "function" => $"{name} is a function\n",
        "special" => $"{name} is a special shell builtin\n",
        "builtin" => $"{name} is a shell builtin\n",
        _ => $"{name} is {detail}\n",
    };
}
