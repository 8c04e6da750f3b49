using System.Text;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Standalone;

/// <summary><c>echo</c> with -n, -e and -E.</summary>
internal static class Echo
{
    public static async ValueTask<int> RunAsync(Process process, IReadOnlyList<string> arguments)
    {
        var (newline, escapes, i) = (true, false, 1);
        for (; i < arguments.Count && IsOption(arguments[i]); i++)
        {
            foreach (var letter in arguments[i].Skip(1))
            {
                newline &= letter != 'n';
                escapes = letter == 'e' || (letter != 'E' && escapes);
            }
        }

        var text = string.Join(' ', arguments.Skip(i));
        if (escapes && text.Contains('\\'))
        {
            (text, var isCut) = Interpret(text);
            newline &= !isCut;
        }

        await process.PrintAsync(newline ? text + "\n" : text);
        return 0;
    }

    /// <summary>Carries out escapes up to a <c>\c</c>, which cuts the text off.</summary>
    public static (string Text, bool IsCut) Interpret(string text)
    {
        var result = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] != '\\')
            {
                result.Append(text[at++]);
                continue;
            }

            at++;
            if (at < text.Length && text[at] == 'c')
            {
                return (result.ToString(), true);
            }

            result.Append(Escapes.Read(text, ref at, EscapeStyle.Echo));
        }

        return (result.ToString(), false);
    }

    private static bool IsOption(string argument) => argument.Length > 1 && argument[0] == '-' && argument.Skip(1).All(c => c is 'n' or 'e' or 'E');
}
