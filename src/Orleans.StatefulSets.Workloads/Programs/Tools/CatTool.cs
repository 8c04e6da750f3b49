using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>cat: files one after another.</summary>
internal sealed class CatTool() : Tool("nbvteAE", "[-nbvteA] [FILE]...", "cat")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var number = 0;
        var byLine = call.Options.All.Count > 0;
        await call.ForEachInputAsync(
            async (_, reader) =>
            {
                if (byLine)
                {
                    while (await reader.ReadLineAsync() is { } line)
                    {
                        number = await WriteAsync(call, line, number);
                    }

                    return;
                }

                while (await reader.ReadBlockAsync() is { IsEmpty: false } block)
                {
                    await call.WriteAsync(block);
                    await call.FlushAsync();
                }
            },
            (path, error) => error == "Is a directory" ? $"read error: {error}" : $"can't open '{path}': {error}");
    }

    private static async ValueTask<int> WriteAsync(ToolCall call, string line, int number)
    {
        var options = call.Options;
        if (options.Has('n') || (options.Has('b') && line != "\n"))
        {
            await call.WriteAsync($"{++number,6}\t");
        }

        await call.WriteAsync(options.HasAny("vteAE") ? Visible(line, options.HasAny("teAv"), options.HasAny("tA"), options.HasAny("eAE")) : line);
        return number;
    }

    private static string Visible(string line, bool control, bool tabs, bool ends)
    {
        var text = new StringBuilder();
        foreach (var letter in line)
        {
            text.Append(letter switch
            {
                '\n' => ends ? "$\n" : "\n",
                '\t' => tabs ? "^I" : "\t",
                _ when !control => letter.ToString(),
                _ => Escaped(letter),
            });
        }

        return text.ToString();
    }

    private static string Escaped(char letter)
    {
        var meta = letter >= 128 ? "M-" : "";
        var low = (char)(letter & 127);
        return meta + (low < 32 ? $"^{(char)(low + 64)}" : low == 127 ? "^?" : low.ToString());
    }
}
