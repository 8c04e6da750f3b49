namespace Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;

/// <summary>A command that the shell itself does.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsSpecial">POSIX's special ones: assignments before them stay, and their errors end the shell.</param>
/// <param name="RunAsync">What it does.</param>
internal sealed record Builtin(string Name, bool IsSpecial, Func<BuiltinCall, ValueTask<int>> RunAsync);

/// <summary>A builtin's run.</summary>
/// <param name="Shell">The shell.</param>
/// <param name="Arguments">The name, and the arguments.</param>
/// <param name="Mode">How commands in it run.</param>
internal readonly record struct BuiltinCall(Interpreter Shell, IReadOnlyList<string> Arguments, Mode Mode)
{
    /// <summary>The arguments without the name.</summary>
    public IReadOnlyList<string> Operands => [.. Arguments.Skip(1)];

    /// <summary>Prints.</summary>
    public ValueTask PrintAsync(string text) => Shell.Process.PrintAsync(text);

    /// <summary>Says an error behind the shell's name, its own and the line.</summary>
    public ValueTask ComplainAsync(string message) => Shell.ComplainAsync(message, Arguments[0]);

    /// <summary>An error that ends the shell where the builtin is a special one.</summary>
    public ShellError Error(string message, int status = 2) => new(BuiltinTable.Find(Arguments[0]) is { IsSpecial: true } ? Prefix + message : message, status);

    /// <summary>Takes single-letter options off.</summary>
    /// <param name="letters">The letters that there are; a colon behind one says that it has an argument.</param>
    /// <returns>The options with their arguments, and the operands.</returns>
    public (List<(char Letter, string Value)> Options, List<string> Operands) Parse(string letters)
    {
        var options = new List<(char, string)>();
        var i = 1;
        for (; i < Arguments.Count && Arguments[i].Length > 1 && Arguments[i][0] == '-'; i++)
        {
            var argument = Arguments[i];
            if (argument == "--")
            {
                i++;
                break;
            }

            for (var at = 1; at < argument.Length; at++)
            {
                var index = argument[at] == ':' ? -1 : letters.IndexOf(argument[at]);
                if (index < 0)
                {
                    throw Error($"illegal option -{argument[at]}");
                }

                if (index + 1 >= letters.Length || letters[index + 1] != ':')
                {
                    options.Add((argument[at], ""));
                    continue;
                }

                if (at + 1 == argument.Length && i + 1 == Arguments.Count)
                {
                    throw Error($"no arg for -{argument[at]} option");
                }

                options.Add((argument[at], at + 1 < argument.Length ? argument[(at + 1)..] : Arguments[++i]));
                break;
            }
        }

        return (options, [.. Arguments.Skip(i)]);
    }

    /// <summary>A number that is not negative.</summary>
    public int Number(string text) =>
        text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit) ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : throw Error($"Illegal number: {text}");

    private string Prefix => $"{Arguments[0]}: {(Shell.IsInteractive && Shell.Script is null ? "" : $"line {Shell.Line}: ")}";
}
