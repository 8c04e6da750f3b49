using System.Text;

namespace Orleans.StatefulSets.Server.Options;

/// <summary>What <c>--help</c> prints: every option by group, with its unit and default.</summary>
internal static class HelpText
{
    private const int Width = 108;
    private const int Indent = 40;

    public static string Write(CommandShape shape)
    {
        var text = new StringBuilder();
        shape.Purpose.ToList().ForEach(line => text.AppendLine(line));
        text.AppendLine();
        text.AppendLine($"Usage: dotnet run --project src/Orleans.StatefulSets.Server -- {shape.Usage}");
        foreach (var group in shape.Settings.GroupBy(setting => setting.Group))
        {
            text.AppendLine().Append(group.Key).AppendLine(":");
            foreach (var setting in group)
            {
                AppendRow(text, $"{setting.CommandLineName}{(setting.IsFlag ? "" : " " + setting.Placeholder)}", Explain(setting));
            }
        }

        AppendRow(text, "--help", "print this");
        AppendRow(text, "--version", "print the version");
        text.AppendLine();
        text.AppendLine(shape.Settings.Any(setting => setting.IsOnlyTyped)
            ? "Each option that the server has too is also an environment variable (--data is ORLEANS_STATEFULSETS_DATA) and a"
            : "Each option is also an environment variable (--pods-per-node is ORLEANS_STATEFULSETS_PODS_PER_NODE) and a");
        text.AppendLine("key of the file that --config names. The command line goes before the environment, the environment before");
        text.AppendLine("the file. Durations: 200ms, 1.5s, 2m, 1h. Sizes: bytes, KiB, MiB, GiB.");
        return text.ToString();
    }

    private static string Explain(Setting setting) => setting.Default is { } value
        ? $"{setting.Explanation} (default {value(new ServerOptions())})"
        : setting.Explanation;

    private static void AppendRow(StringBuilder text, string name, string explanation)
    {
        var line = new StringBuilder("  " + name).Append(' ', Math.Max(1, Indent - 2 - name.Length));
        foreach (var word in explanation.Split(' '))
        {
            if (line.Length + word.Length > Width && line.Length > Indent)
            {
                text.AppendLine(line.ToString().TrimEnd());
                line = new StringBuilder().Append(' ', Indent);
            }

            line.Append(word).Append(' ');
        }

        text.AppendLine(line.ToString().TrimEnd());
    }
}
