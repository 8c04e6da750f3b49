using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Small;

/// <summary>Options as Go's programs take them: <c>-name value</c>, <c>-name=value</c>, with one dash or two.</summary>
internal static class Flags
{
    /// <summary>An option's value; null where it is not given.</summary>
    public static string? Find(IReadOnlyList<string> arguments, string name)
    {
        for (var at = 0; at < arguments.Count; at++)
        {
            var word = arguments[at].StartsWith('-') ? arguments[at].TrimStart('-') : "";
            if (word == name)
            {
                return arguments.ElementAtOrDefault(at + 1) ?? "";
            }

            if (word.StartsWith(name + "=", StringComparison.Ordinal))
            {
                return word[(name.Length + 1)..];
            }
        }

        return null;
    }

    /// <summary>A port; the default where none is given, or none that is one.</summary>
    public static int Port(IReadOnlyList<string> arguments, string name, int otherwise) => PortOf(Find(arguments, name)) ?? otherwise;

    /// <summary>The port of <c>8080</c>, <c>:8080</c> or <c>0.0.0.0:8080</c>.</summary>
    public static int? PortOf(string? text) =>
        int.TryParse(text?[(text.LastIndexOf(':') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535 ? port : null;
}
