namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>The command line of nginx.</summary>
/// <param name="Version">The version that it says it is.</param>
internal sealed record NginxCommand(string Version)
{
    /// <summary><c>-c</c></summary>
    public string ConfigPath { get; init; } = NginxPaths.Main;

    /// <summary><c>-g</c></summary>
    public string Globals { get; init; } = "";

    /// <summary><c>-s</c>: stop, quit, reopen, reload.</summary>
    public string? Signal { get; init; }

    /// <summary>The letters that were given.</summary>
    public string Flags { get; init; } = "";

    /// <summary>Why it can't be understood; null where it can.</summary>
    public string? Error { get; init; }

    /// <summary>Reads the arguments behind the name.</summary>
    public static NginxCommand Parse(string version, IReadOnlyList<string> arguments)
    {
        var command = new NginxCommand(version);
        for (var at = 0; at < arguments.Count && command.Error is null; at++)
        {
            var word = arguments[at];
            if (!word.StartsWith('-'))
            {
                return command with { Error = $"invalid option: \"{word}\"" };
            }

            for (var letter = 1; letter < word.Length && command.Error is null; letter++)
            {
                var flag = word[letter];
                if (flag is '?' or 'h' or 'v' or 'V' or 't' or 'T' or 'q')
                {
                    command = command with { Flags = command.Flags + flag };
                    continue;
                }

                var value = letter + 1 < word.Length ? word[(letter + 1)..] : at + 1 < arguments.Count ? arguments[++at] : null;
                command = command.With(flag, value);
                break;
            }
        }

        return command;
    }

    private NginxCommand With(char flag, string? value) => (flag, value) switch
    {
        ('p', null) => this with { Error = "option \"-p\" requires directory name" },
        ('c' or 'e', null) => this with { Error = $"option \"-{flag}\" requires file name" },
        ('g' or 's', null) => this with { Error = $"option \"-{flag}\" requires parameter" },
        ('c', _) => this with { ConfigPath = NginxPaths.Absolute(value) },
        ('g', _) => this with { Globals = value },
        ('s', "stop" or "quit" or "reopen" or "reload") => this with { Signal = value },
        ('s', _) => this with { Error = $"invalid option: \"-s {value}\"" },
        ('p' or 'e', _) => this,
        _ => this with { Error = $"invalid option: \"{flag}\"" },
    };
}
