namespace Orleans.StatefulSets.Workloads.Programs.Servers.Httpd;

/// <summary>Types of files by their names, as the image's mime.types has the usual ones; a name that it does not know has none.</summary>
internal static class HttpdTypes
{
    private static readonly Dictionary<string, string> Known = Read(
        """
        text/html html htm
        text/plain txt text conf log
        text/css css
        text/csv csv
        text/javascript js mjs
        application/json json
        application/xml xml
        application/pdf pdf
        application/zip zip
        application/x-tar tar
        application/wasm wasm
        image/gif gif
        image/jpeg jpeg jpg
        image/png png
        image/svg+xml svg
        image/webp webp
        image/x-icon ico
        video/mp4 mp4
        audio/mpeg mp3
        """);

    public static string? Of(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var dot = name.LastIndexOf('.');
        return dot < 0 ? null : Known.GetValueOrDefault(name[(dot + 1)..]);
    }

    private static Dictionary<string, string> Read(string lines) => lines.Split('\n')
        .SelectMany(line => line.Split(' ').Skip(1).Select(extension => (Extension: extension, Type: line.Split(' ')[0])))
        .ToDictionary(known => known.Extension, known => known.Type, StringComparer.OrdinalIgnoreCase);
}
