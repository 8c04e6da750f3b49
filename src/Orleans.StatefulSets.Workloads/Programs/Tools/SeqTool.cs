using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>seq: numbers.</summary>
internal sealed class SeqTool() : Tool("+ws: separator=s equal-width=w", "[-w] [-s SEP] [FIRST [INC]] LAST", "seq")
{
    /// <summary>A negative number is no option.</summary>
    protected override List<string> Prepare(List<string> arguments)
    {
        var at = arguments.FindIndex(argument => argument is ['-', (>= '0' and <= '9') or '.', ..]);
        if (at >= 0 && arguments.Take(at).All(argument => argument.StartsWith('-') && argument is not ("--" or "-s")))
        {
            arguments.Insert(at, "--");
        }

        return arguments;
    }

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count is 0 or > 3)
        {
            throw new UsageException();
        }

        var numbers = call.Operands.Select(Parse).ToList();
        var (first, step, last) = numbers.Count switch { 1 => (1, 1, numbers[0]), 2 => (numbers[0], 1, numbers[1]), _ => (numbers[0], numbers[1], numbers[2]) };
        if (step == 0)
        {
            step = first > last ? decimal.MinValue : decimal.MaxValue;
        }

        var decimals = call.Operands.Take(Math.Max(1, call.Operands.Count - 1)).Max(Decimals);
        decimals = call.Operands.Count == 1 ? Decimals(call.Operands[0]) : decimals;
        var format = decimals == 0 ? "0" : "0." + new string('0', decimals);
        var width = call.Has('w') ? Math.Max(Text(first, format).Length, Text(last, format).Length) : 0;
        var separator = call.Value('s') ?? "\n";
        var lead = "";
        for (var index = 0L; ; index++)
        {
            await call.Process.StepAsync();
            var value = index == 0 ? first : Next(first, step, index);
            if (step > 0 ? value > last : value < last)
            {
                break;
            }

            await call.WriteAsync(lead + Padded(Text(value, format), width));
            lead = separator;
        }

        await call.WriteAsync(lead.Length == 0 && separator.Length > 0 ? "" : "\n");
    }

    private static decimal Next(decimal first, decimal step, long index) =>
        Math.Abs(step) == decimal.MaxValue ? step : first + (index * step);

    private static string Text(decimal value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Padded(string text, int width) =>
        text.StartsWith('-') ? "-" + text[1..].PadLeft(Math.Max(0, width - 1), '0') : text.PadLeft(width, '0');

    private static int Decimals(string text) => text.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? Math.Min(20, text.Length - dot - 1) : 0;

    private static decimal Parse(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1_000_000_000_000_000
            ? number
            : throw new UsageException($"invalid number '{text}'", withUsage: false);
}
