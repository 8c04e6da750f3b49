namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>The signals, by their Linux numbers (<c>signal(7)</c>).</summary>
public static class Signals
{
    /// <summary>Hangup.</summary>
    public const int Hangup = 1;

    /// <summary>Interrupt from the keyboard.</summary>
    public const int Interrupt = 2;

    /// <summary>Quit from the keyboard.</summary>
    public const int Quit = 3;

    /// <summary>Ends a process whatever it wants.</summary>
    public const int Kill = 9;

    /// <summary>Invalid memory reference.</summary>
    public const int Fault = 11;

    /// <summary>Broken pipe.</summary>
    public const int Pipe = 13;

    /// <summary>Alarm clock.</summary>
    public const int Alarm = 14;

    /// <summary>Please end.</summary>
    public const int Terminate = 15;

    /// <summary>A child ended.</summary>
    public const int Child = 17;

    /// <summary>The terminal's window has another size.</summary>
    public const int WindowChange = 28;

    /// <summary>Names by number, as <c>kill -l</c> lists them; empty where Linux has none.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "POLL", "PWR", "SYS",
    ];

    /// <summary>The number of a signal given by number or name (with or without SIG, any case); null where there is none.</summary>
    public static int? Parse(string text)
    {
        if (int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
        {
            return number < Names.Count ? number : null;
        }

        var name = text.ToUpperInvariant();
        var index = Names.ToList().IndexOf(name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name);
        return index > 0 ? index : text == "EXIT" ? 0 : null;
    }

    /// <summary>Whether a signal ends a process that does not handle it. A container's first process ignores what it has no handler for, except KILL from outside.</summary>
    internal static bool Ends(int signal, Process process) => signal switch
    {
        Kill => true,
        17 or 18 or 19 or 20 or 21 or 22 or 23 or 28 => false,
        _ => process.Id != 1,
    };
}
