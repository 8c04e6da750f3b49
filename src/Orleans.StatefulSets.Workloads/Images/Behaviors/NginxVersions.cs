namespace Orleans.StatefulSets.Workloads.Images.Behaviors;

/// <summary>Which nginx a tag means.</summary>
internal static class NginxVersions
{
    private static readonly Version Newest = new(1, 27, 5);

    private static readonly Version[] Released =
    [
        new(1, 7, 9), new(1, 8, 1), new(1, 9, 15), new(1, 10, 3), new(1, 11, 13), new(1, 12, 2), new(1, 13, 12), new(1, 14, 2), new(1, 15, 12), new(1, 16, 1), new(1, 17, 10), new(1, 18, 0), new(1, 19, 10),
        new(1, 20, 2), new(1, 21, 6), new(1, 22, 1), new(1, 23, 4), new(1, 24, 0), new(1, 25, 5), new(1, 26, 3), new(1, 27, 5), new(1, 28, 0), new(1, 29, 1),
    ];

    /// <summary>nginx-slim is numbered for itself; the tags that examples use, and what is in them.</summary>
    private static readonly Dictionary<string, Version> Slim = new(StringComparer.Ordinal) { ["0.7"] = new(1, 9, 15), ["0.8"] = new(1, 11, 1), ["0.9"] = new(1, 11, 13) };

    /// <summary>The version of a tag: <c>1.25-alpine</c> is the last 1.25; what names none is the newest.</summary>
    public static Version Of(string name, string? tag)
    {
        if (name == "nginx-slim")
        {
            return Slim.GetValueOrDefault(tag ?? "", Newest);
        }

        var numbers = (tag ?? "").Split('-')[0].Split('.').TakeWhile(part => part.Length is > 0 and < 4 && part.All(char.IsAsciiDigit)).Select(int.Parse).ToList();
        return numbers switch
        {
            [1, var minor, var patch, ..] => new Version(1, minor, patch),
            [1, var minor] => Released.FirstOrDefault(version => version.Minor == minor) ?? new Version(1, minor, 0),
            _ => Newest,
        };
    }
}
