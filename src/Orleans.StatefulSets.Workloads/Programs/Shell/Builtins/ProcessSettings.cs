using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;

/// <summary><c>umask</c> and <c>ulimit</c>.</summary>
internal static class ProcessSettings
{
    private static readonly (char Letter, string Text)[] Limits =
    [
        ('c', "core file size (blocks)"), ('d', "data seg size (kb)"), ('e', "scheduling priority"), ('f', "file size (blocks)"),
        ('i', "pending signals"), ('l', "max locked memory (kb)"), ('m', "max memory size (kb)"), ('n', "open files"),
        ('q', "POSIX message queues (bytes)"), ('r', "real-time priority"), ('s', "stack size (kb)"), ('t', "cpu time (seconds)"),
        ('u', "max user processes"), ('v', "virtual memory (kb)"), ('x', "file locks"),
    ];

    public static async ValueTask<int> MaskAsync(BuiltinCall call)
    {
        var (options, operands) = call.Parse("S");
        var process = call.Shell.Process;
        if (operands.Count > 0)
        {
            process.Umask = Mask(process.Umask, operands[0]) ?? throw call.Error($"illegal mode: {operands[0]}");
            return 0;
        }

        var allowed = ~process.Umask & 0x1FF;
        string Letters(int bits) => ((bits & 4) != 0 ? "r" : "") + ((bits & 2) != 0 ? "w" : "") + ((bits & 1) != 0 ? "x" : "");
        await call.PrintAsync(options.Count > 0
            ? $"u={Letters(allowed >> 6)},g={Letters(allowed >> 3)},o={Letters(allowed)}\n"
            : Convert.ToString(process.Umask, 8).PadLeft(4, '0') + "\n");
        return 0;
    }

    public static async ValueTask<int> LimitAsync(BuiltinCall call)
    {
        var (options, operands) = call.Parse("HSac:d:e:f:i:l:m:n:q:r:s:t:u:v:x:".Replace(":", ""));
        var letters = options.Select(option => option.Letter).Where(letter => letter is not ('H' or 'S')).ToList();
        if (letters.Contains('a'))
        {
            foreach (var (letter, text) in Limits)
            {
                await call.PrintAsync($"{text,-32}(-{letter}) {Value(call, letter)}\n");
            }

            return 0;
        }

        // What a pod may do is set from outside: asking is answered, changing is believed.
        if (operands.Count == 0)
        {
            await call.PrintAsync(Value(call, letters.Count == 0 ? 'f' : letters[^1]) + "\n");
        }

        return 0;
    }

    private static string Value(BuiltinCall call, char letter)
    {
        var limits = call.Shell.Process.Container.Limits;
        return letter switch
        {
            'n' => limits.OpenFiles.ToString(CultureInfo.InvariantCulture),
            'u' => limits.Processes.ToString(CultureInfo.InvariantCulture),
            'f' => (limits.FileBytes / 512).ToString(CultureInfo.InvariantCulture),
            'c' or 'e' or 'r' => "0",
            's' => "8192",
            'l' => "8192",
            'q' => "819200",
            'i' => limits.Processes.ToString(CultureInfo.InvariantCulture),
            _ => "unlimited",
        };
    }

    private static int? Mask(int before, string text)
    {
        if (text.All(c => c is >= '0' and <= '7') && text.Length is > 0 and < 6)
        {
            return Convert.ToInt32(text, 8) & 0x1FF;
        }

        var allowed = ~before & 0x1FF;
        foreach (var clause in text.Split(','))
        {
            var sign = clause.IndexOfAny(['=', '+', '-']);
            if (sign < 0 || clause[..sign].Any(c => !"ugoa".Contains(c)) || clause[(sign + 1)..].Any(c => !"rwx".Contains(c)))
            {
                return null;
            }

            var who = clause[..sign] is "" or "a" ? "ugo" : clause[..sign].Replace("a", "ugo");
            var bits = clause[(sign + 1)..].Sum(c => c == 'r' ? 4 : c == 'w' ? 2 : 1) & 7;
            foreach (var shift in who.Distinct().Select(c => c == 'u' ? 6 : c == 'g' ? 3 : 0))
            {
                allowed = clause[sign] switch
                {
                    '=' => (allowed & ~(7 << shift)) | (bits << shift),
                    '+' => allowed | (bits << shift),
                    _ => allowed & ~(bits << shift),
                };
            }
        }

        return ~allowed & 0x1FF;
    }
}
