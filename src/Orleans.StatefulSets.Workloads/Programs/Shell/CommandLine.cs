using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>How the shell was called.</summary>
/// <param name="Name"><c>$0</c></param>
/// <param name="Options">The options.</param>
/// <param name="Command">The text behind -c.</param>
/// <param name="Script">The file to run.</param>
/// <param name="Parameters"><c>$1</c> and on.</param>
internal sealed record CommandLine(string Name, Options Options, string? Command, string? Script, IReadOnlyList<string> Parameters)
{
    /// <summary>Reads a process's arguments; complains and gives null where they are none of a shell.</summary>
    public static async ValueTask<CommandLine?> ReadAsync(Process process)
    {
        var arguments = process.Arguments;
        var options = new Options();
        var i = 1;
        for (; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument is "-" or "--")
            {
                i++;
                break;
            }

            if (argument.Length < 2 || argument[0] is not ('-' or '+'))
            {
                break;
            }

            foreach (var letter in argument.Skip(1))
            {
                if (letter is 'c' or 's' or 'i' or 'l')
                {
                    options.Invocation.Add(letter);
                }
                else if (letter == 'o' && i + 1 < arguments.Count && options.Set(arguments[i + 1], argument[0] == '-'))
                {
                    i++;
                }
                else if (letter == 'o' || !options.Set(letter, argument[0] == '-'))
                {
                    await process.ComplainAsync($"{arguments[0]}: {(letter == 'o' && i + 1 < arguments.Count ? "illegal option -o " + arguments[i + 1] : $"illegal option -{letter}")}\n");
                    return null;
                }
            }
        }

        return await FinishAsync(process, options, [.. arguments.Skip(i)]);
    }

    private static async ValueTask<CommandLine?> FinishAsync(Process process, Options options, IReadOnlyList<string> operands)
    {
        var name = process.Arguments.Count > 0 ? process.Arguments[0].TrimStart('-') : "sh";
        options.Invocation.Remove('l');
        if (options.Invocation.Contains('c'))
        {
            if (operands.Count == 0)
            {
                await process.ComplainAsync($"{name}: -c requires an argument\n");
                return null;
            }

            return new CommandLine(operands.Count > 1 ? operands[1] : name, options, operands[0], null, [.. operands.Skip(2)]);
        }

        if (operands.Count > 0 && !options.Invocation.Contains('s'))
        {
            return new CommandLine(operands[0], options, null, operands[0], [.. operands.Skip(1)]);
        }

        options.Invocation.Add('s');
        if (process.Input is { IsTerminal: true } && process.Files[2] is { IsTerminal: true })
        {
            options.Invocation.Add('i');
        }

        return new CommandLine(name, options, null, null, operands);
    }
}
