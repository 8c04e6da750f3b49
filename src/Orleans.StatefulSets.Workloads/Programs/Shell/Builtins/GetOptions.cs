using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;

/// <summary><c>getopts</c> (POSIX.1-2017 XCU getopts).</summary>
internal static class GetOptions
{
    public static async ValueTask<int> RunAsync(BuiltinCall call)
    {
        if (call.Arguments.Count < 3)
        {
            throw call.Error("usage: getopts optstring var [arg]");
        }

        var (letters, name) = (call.Arguments[1], call.Arguments[2]);
        var arguments = call.Arguments.Count > 3 ? [.. call.Arguments.Skip(3)] : call.Shell.Parameters;
        var variables = call.Shell.Variables;
        var state = call.Shell.OptionState;
        if (!int.TryParse(variables.Get("OPTIND"), NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index < 1)
        {
            index = 1;
        }

        if (index != state.Index)
        {
            state.Offset = 0;
        }

        if (state.Offset == 0)
        {
            var argument = index <= arguments.Count ? arguments[index - 1] : null;
            if (argument is null || argument.Length < 2 || argument[0] != '-' || argument == "--")
            {
                Finish(call, name, "?", argument == "--" ? index + 1 : index, 0);
                variables.Unset("OPTARG");
                return 1;
            }

            state.Offset = 1;
        }

        var current = arguments[index - 1];
        var letter = current[state.Offset++];
        var offset = state.Offset < current.Length ? state.Offset : 0;
        var next = offset == 0 ? index + 1 : index;
        var at = letter == ':' ? -1 : letters.IndexOf(letter);
        var isSilent = letters.StartsWith(':');
        if (at < 0)
        {
            await RefuseAsync(call, isSilent, letter, $"Illegal option -{letter}\n");
            Finish(call, name, "?", next, offset);
            return 0;
        }

        if (at + 1 >= letters.Length || letters[at + 1] != ':')
        {
            variables.Unset("OPTARG");
            Finish(call, name, letter.ToString(), next, offset);
            return 0;
        }

        if (offset != 0)
        {
            variables.Set("OPTARG", current[offset..]);
            Finish(call, name, letter.ToString(), index + 1, 0);
        }
        else if (index < arguments.Count)
        {
            variables.Set("OPTARG", arguments[index]);
            Finish(call, name, letter.ToString(), index + 2, 0);
        }
        else
        {
            await RefuseAsync(call, isSilent, letter, $"No arg for -{letter} option\n");
            Finish(call, name, isSilent ? ":" : "?", next, 0);
        }

        return 0;
    }

    private static async ValueTask RefuseAsync(BuiltinCall call, bool isSilent, char letter, string message)
    {
        if (isSilent)
        {
            call.Shell.Variables.Set("OPTARG", letter.ToString());
            return;
        }

        call.Shell.Variables.Unset("OPTARG");
        await call.Shell.Process.ComplainAsync(message);
    }

    private static void Finish(BuiltinCall call, string name, string value, int index, int offset)
    {
        call.Shell.OptionState.Offset = offset;
        call.Shell.OptionState.Index = index;
        call.Shell.Variables.Set("OPTIND", index.ToString(CultureInfo.InvariantCulture));
        call.Shell.Variables.Set(name, value);
    }
}

/// <summary>Where <c>getopts</c> stands.</summary>
internal sealed class OptionState
{
    /// <summary>The argument, from 1, that it left in OPTIND.</summary>
    public int Index { get; set; } = 1;

    /// <summary>The next letter in it; 0 to begin with the next argument.</summary>
    public int Offset { get; set; }
}
