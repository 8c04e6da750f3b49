using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>expand and unexpand: tabs to spaces and back.</summary>
internal sealed class ExpandTool() : Tool("ft:ia tabs=t initial=i all=a first-only=f", "[-i] [-t N] [FILE]...", "expand", "unexpand")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var stop = (int)Math.Clamp(call.Value('t') is { } text ? ToolCall.Number(text) : 8, 1, 1000);
        await call.ForEachInputAsync(async (_, reader) =>
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                await call.WriteAsync(call.Name == "expand" ? Expand(line, stop, call.Has('i')) : Unexpand(line, stop, call.Options.HasAny("at") && !call.Has('f')));
            }
        });
    }

    private static string Expand(string line, int stop, bool initialOnly)
    {
        var text = new StringBuilder();
        var (column, leading) = (0, true);
        foreach (var letter in line)
        {
            leading &= letter is ' ' or '\t';
            var width = letter == '\t' && (leading || !initialOnly) ? stop - (column % stop) : 1;
            text.Append(width > 1 || (letter == '\t' && (leading || !initialOnly)) ? new string(' ', width) : letter.ToString());
            column += width;
        }

        return text.ToString();
    }

    private static string Unexpand(string line, int stop, bool all)
    {
        var text = new StringBuilder();
        var (column, blanks, leading) = (0, 0, true);
        foreach (var letter in line)
        {
            if ((leading || all) && (letter is ' ' or '\t'))
            {
                var next = letter == '\t' ? column + stop - (column % stop) : column + 1;
                blanks += next - column;
                column = next;
                if (column % stop == 0 && (blanks > 1 || letter == '\t'))
                {
                    text.Append('\t');
                    blanks = 0;
                }

                continue;
            }

            leading = false;
            text.Append(' ', blanks).Append(letter);
            blanks = 0;
            column++;
        }

        return text.Append(' ', blanks).ToString();
    }
}
