using System.Text;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Interaction;

/// <summary>The text that asks for a command.</summary>
internal static class Prompt
{
    /// <summary>The value of PS1 or PS2: parameters expanded, then busybox's escapes carried out.</summary>
    public static async ValueTask<string> TextAsync(Interpreter shell, string name)
    {
        var value = shell.Variables.Get(name) ?? "";
        var at = value.IndexOf('$');
        if (at >= 0 && (at == 0 || value[at - 1] != '\\'))
        {
            try
            {
                value = await shell.Expander.TextAsync(new WordReader(new Lexer(value.Replace("\\", "\\\\"))).ReadHereDocument());
            }
            catch (ShellSyntaxException)
            {
                // What is no word is shown as it is.
            }
        }

        return Interpret(shell, value);
    }

    private static string Interpret(Interpreter shell, string value)
    {
        var result = new StringBuilder();
        var folder = shell.Process.WorkingDirectory;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || i + 1 == value.Length)
            {
                result.Append(value[i]);
                continue;
            }

            switch (value[++i])
            {
                case 'w':
                    var home = shell.Variables.Get("HOME");
                    result.Append(home is { Length: > 1 } && (folder == home || folder.StartsWith(home + "/", StringComparison.Ordinal)) ? "~" + folder[home.Length..] : folder);
                    break;
                case 'W':
                    result.Append(folder == "/" ? folder : folder[(folder.LastIndexOf('/') + 1)..]);
                    break;
                case '$':
                    result.Append(shell.Process.Credentials.IsRoot ? '#' : '$');
                    break;
                case 'h':
                    result.Append(shell.Process.Container.HostName.Split('.')[0]);
                    break;
                case 'H':
                    result.Append(shell.Process.Container.HostName);
                    break;
                case 'u':
                    result.Append(shell.Process.Credentials.IsRoot ? "root" : shell.Process.Credentials.Uid.ToString(System.Globalization.CultureInfo.InvariantCulture));
                    break;
                case '[' or ']':
                    break;
                default:
                    result.Append(Escapes.Read(value, ref i, EscapeStyle.AnsiQuote));
                    i--;
                    break;
            }
        }

        return result.ToString();
    }
}
