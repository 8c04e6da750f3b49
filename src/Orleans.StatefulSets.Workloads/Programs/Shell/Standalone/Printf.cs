using System.Globalization;
using System.Text;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Standalone;

/// <summary><c>printf</c>: the format is used again while arguments are left.</summary>
internal sealed class Printf(string format, IReadOnlyList<string> arguments)
{
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private int next;
    private bool isCut;
    private int status;

    public static async ValueTask<int> RunAsync(Process process, string shellName, IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 1 && arguments[1] == "--")
        {
            arguments = [arguments[0], .. arguments.Skip(2)];
        }

        if (arguments.Count < 2)
        {
            await process.ComplainAsync($"{shellName}: usage: printf FORMAT [ARGUMENT...]\n");
            return 2;
        }

        var printf = new Printf(arguments[1], [.. arguments.Skip(2)]);
        return await printf.RunAsync(process, shellName);
    }

    private async ValueTask<int> RunAsync(Process process, string shellName)
    {
        do
        {
            var before = next;
            var isWhole = Pass();
            await process.PrintAsync(output.ToString());
            output.Clear();
            foreach (var line in errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                await process.ComplainAsync($"{shellName}: {line}\n");
            }

            errors.Clear();
            if (!isWhole || isCut)
            {
                return status;
            }

            if (next == before)
            {
                break;
            }
        }
        while (next < arguments.Count);

        return status;
    }

    /// <summary>Goes through the format once; false where it is no format.</summary>
    private bool Pass()
    {
        for (var at = 0; at < format.Length && !isCut;)
        {
            var c = format[at++];
            if (c == '\\' && at < format.Length && format[at] == 'c')
            {
                isCut = true;
            }
            else if (c == '\\')
            {
                output.Append(Escapes.Read(format, ref at, EscapeStyle.Format));
            }
            else if (c != '%')
            {
                output.Append(c);
            }
            else if (at < format.Length && format[at] == '%')
            {
                output.Append('%');
                at++;
            }
            else if (!Convert(ref at))
            {
                return false;
            }
        }

        return true;
    }

    private bool Convert(ref int at)
    {
        var start = at - 1;
        var flags = "";
        while (at < format.Length && "-+ #0".Contains(format[at]))
        {
            flags += format[at++];
        }

        var width = Size(ref at) ?? 0;
        if (width < 0)
        {
            flags += "-";
            width = -width;
        }

        int? precision = null;
        if (at < format.Length && format[at] == '.')
        {
            at++;
            precision = Size(ref at) ?? 0;
        }

        while (at < format.Length && "hlLqjzt".Contains(format[at]) && at + 1 < format.Length)
        {
            at++;
        }

        if (at >= format.Length || !"diouxXcsbeEfFgG".Contains(format[at]))
        {
            errors.Append(format[start..]).Append(": invalid format\n");
            status = 1;
            return false;
        }

        var sign = format[at++];
        output.Append(Pad(Value(sign, flags, precision), width, flags, sign, precision));
        return true;
    }

    private int? Size(ref int at)
    {
        if (at < format.Length && format[at] == '*')
        {
            at++;
            return (int)Math.Clamp(Integer(Take()), -4096, 4096);
        }

        var start = at;
        while (at < format.Length && char.IsAsciiDigit(format[at]))
        {
            at++;
        }

        return at == start ? null : int.TryParse(format.AsSpan(start, at - start), CultureInfo.InvariantCulture, out var size) ? Math.Min(size, 4096) : 4096;
    }

    private string? Take() => next < arguments.Count ? arguments[next++] : null;

    private string Value(char sign, string flags, int? precision)
    {
        var argument = Take();
        switch (sign)
        {
            case 's':
                return Cut(argument ?? "", precision);
            case 'b':
                (var text, isCut) = Echo.Interpret(argument ?? "");
                return Cut(text, precision);
            case 'c':
                return argument is { Length: > 0 } ? argument[..1] : "";
            case 'd' or 'i':
                var value = Integer(argument);
                var digits = (value < 0 ? value.ToString(CultureInfo.InvariantCulture)[1..] : value.ToString(CultureInfo.InvariantCulture)).PadLeft(precision ?? 0, '0');
                return Sign(value < 0, flags) + digits;
            case 'u':
                return unchecked((ulong)Integer(argument)).ToString(CultureInfo.InvariantCulture).PadLeft(precision ?? 0, '0');
            case 'o':
                var octal = System.Convert.ToString(Integer(argument), 8).PadLeft(precision ?? 0, '0');
                return flags.Contains('#') && octal[0] != '0' ? "0" + octal : octal;
            case 'x' or 'X':
                var number = Integer(argument);
                var hex = number.ToString(sign == 'x' ? "x" : "X", CultureInfo.InvariantCulture).PadLeft(precision ?? 0, '0');
                return flags.Contains('#') && number != 0 ? "0" + sign + hex : hex;
            default:
                var real = Real(argument);
                return Sign(double.IsNegative(real), flags) + FloatText.Of(Math.Abs(real), sign, precision ?? 6, flags.Contains('#'));
        }
    }

    private static string Sign(bool isNegative, string flags) => isNegative ? "-" : flags.Contains('+') ? "+" : flags.Contains(' ') ? " " : "";

    private static string Cut(string text, int? precision) => precision is { } most && most >= 0 && most < text.Length ? text[..most] : text;

    private long Integer(string? argument)
    {
        if (argument is null)
        {
            return 0;
        }

        if (argument.Length > 0 && argument[0] is '"' or '\'')
        {
            return argument.Length > 1 ? argument[1] : 0;
        }

        if (NumberText.Parse(argument.TrimStart(' ')) is { } value && !argument.Contains('#') && !argument.EndsWith(' '))
        {
            return value;
        }

        errors.Append("invalid number '").Append(argument).Append("'\n");
        status = 1;
        return 0;
    }

    private double Real(string? argument)
    {
        if (argument is null)
        {
            return 0;
        }

        if (argument.Length > 0 && argument[0] is '"' or '\'')
        {
            return argument.Length > 1 ? argument[1] : 0;
        }

        if (double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        errors.Append("invalid number '").Append(argument).Append("'\n");
        status = 1;
        return 0;
    }

    private static string Pad(string text, int width, string flags, char sign, int? precision)
    {
        if (text.Length >= width)
        {
            return text;
        }

        if (flags.Contains('-'))
        {
            return text.PadRight(width);
        }

        var isInteger = "diouxX".Contains(sign);
        if (!flags.Contains('0') || "scb".Contains(sign) || (isInteger && precision is not null))
        {
            return text.PadLeft(width);
        }

        var lead = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? 2 : text[0] is '-' or '+' or ' ' ? 1 : 0;
        return text[..lead] + text[lead..].PadLeft(width - lead, '0');
    }
}
