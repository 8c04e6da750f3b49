namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>nl: numbers lines.</summary>
internal sealed class NlTool() : Tool("b:i:s:v:w:p body-numbering=b line-increment=i number-separator=s starting-line-number=v number-width=w", "[OPTIONS] [FILE]...", "nl")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var (number, step) = (Number(call, 'v', 1), Number(call, 'i', 1));
        var width = (int)Math.Clamp(Number(call, 'w', 6), 1, 1000);
        var separator = call.Value('s') ?? "\t";
        var style = call.Value('b') ?? "t";
        await call.ForEachInputAsync(async (_, reader) =>
        {
            while (await reader.ReadLineAsync() is { } raw)
            {
                var line = ToolCall.Chomp(raw);
                if (style == "a" || (style == "t" && line.Length > 0))
                {
                    await call.WriteLineAsync(number.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(width) + separator + line);
                    number += step;
                }
                else
                {
                    await call.WriteLineAsync(new string(' ', width + separator.Length) + line);
                }
            }
        });
    }

    private static long Number(ToolCall call, char letter, long otherwise) => call.Value(letter) is { } text ? ToolCall.Number(text) : otherwise;
}
