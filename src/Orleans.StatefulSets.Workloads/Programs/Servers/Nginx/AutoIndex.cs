using System.Globalization;
using System.Text;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Lists directories, to the byte as <c>ngx_http_autoindex_module</c> does.</summary>
internal static class AutoIndex
{
    private const int NameWidth = 50;

    public static async ValueTask<Turn> AnswerAsync(NginxExchange exchange, string directory)
    {
        List<DirectoryEntry> entries = [];
        try
        {
            foreach (var entry in (await exchange.Files.ListAsync(exchange.Caller, directory)).Where(entry => !entry.Name.StartsWith('.')))
            {
                entries.Add(entry.Node.Kind == FileKind.SymbolicLink ? entry with { Node = await FollowAsync(exchange, $"{directory}{entry.Name}", entry.Node) } : entry);
            }
        }
        catch (FileException failure)
        {
            return await StaticFiles.ForbidAsync(exchange, $"opendir() \"{directory}\" failed", failure);
        }

        var sorted = entries.OrderBy(entry => !entry.Node.IsDirectory).ThenBy(entry => entry.Name, StringComparer.Ordinal);
        var isJson = exchange.Settings.ListFormat == "json";
        var text = isJson ? Json(sorted) : Html(exchange.Uri, sorted, exchange.Settings.ListsExactSizes);
        return new Turn.Answer(new HttpResponse(200)
        {
            Reason = "OK",
            ContentType = isJson ? "application/json" : "text/html",
            Content = new BytesPayload(ByteText.ToBytes(text), tellsLength: false),
        });
    }

    private static async ValueTask<FileNode> FollowAsync(NginxExchange exchange, string path, FileNode link)
    {
        try
        {
            return await exchange.Files.StatAsync(exchange.Caller, path);
        }
        catch (FileException)
        {
            return link;
        }
    }

    private static string Html(string uri, IEnumerable<DirectoryEntry> entries, bool exact)
    {
        var title = Escape(uri);
        var page = new StringBuilder($"<html>\r\n<head><title>Index of {title}</title></head>\r\n<body>\r\n<h1>Index of {title}</h1><hr><pre><a href=\"../\">../</a>\r\n");
        foreach (var (name, node) in entries)
        {
            var slash = node.IsDirectory ? "/" : "";
            var shown = Escape(name.Length + slash.Length > NameWidth ? name[..(NameWidth - 3)] + "..>" : name + slash);
            var width = Math.Min(NameWidth, name.Length + slash.Length);
            var size = node.IsDirectory ? "-" : exact ? node.Size.ToString(CultureInfo.InvariantCulture) : Rounded(node.Size);
            page.Append($"<a href=\"{UriPath.Encode(name, strict: true)}{slash}\">{shown}</a>{new string(' ', NameWidth - width)} {node.Modified.ToString("dd-MMM-yyyy HH:mm", CultureInfo.InvariantCulture)}{size.PadLeft(exact ? 20 : 8)}\r\n");
        }

        return page.Append("</pre><hr></body>\r\n</html>\r\n").ToString();
    }

    private static string Json(IEnumerable<DirectoryEntry> entries)
    {
        var lines = entries.Select(entry =>
        {
            var kind = entry.Node.Kind switch { FileKind.Directory => "directory", FileKind.Regular => "file", _ => "other" };
            var size = entry.Node.Kind == FileKind.Regular ? $", \"size\":{entry.Node.Size}" : "";
            return $"{{ \"name\":\"{Quote(entry.Name)}\", \"type\":\"{kind}\", \"mtime\":\"{HttpResponse.DateText(entry.Node.Modified)}\"{size} }}";
        });
        return $"[\r\n{string.Join(",\r\n", lines)}\r\n]";
    }

    private static string Rounded(long size)
    {
        const long kilo = 1 << 10;
        const long mega = 1 << 20;
        return size switch
        {
            > mega * 1024 - 1 => $"{(size + (mega * 512)) / (mega * 1024)}G",
            > mega - 1 => $"{(size + (mega / 2)) / mega}M",
            > 9999 => $"{(size + (kilo / 2)) / kilo}K",
            _ => $"{size}",
        };
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    private static string Quote(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
