using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>The pages that nginx has of its own, to the byte (<c>ngx_http_special_response.c</c>).</summary>
internal static class NginxPages
{
    /// <summary>What the log and the pages call headers that are too long, which goes out as 400.</summary>
    public const int HeadersTooLarge = 494;

    /// <summary>Plain HTTP where TLS is spoken, which goes out as 400.</summary>
    public const int PlainOnTls = 497;

    /// <summary>After these nothing more is taken from the connection.</summary>
    public static bool Closes(int status) => status is 400 or 413 or 414 or HeadersTooLarge or PlainOnTls or 500 or 501;

    /// <summary>A response with the page of a status.</summary>
    public static HttpResponse Of(int status, NginxSettings settings, string version)
    {
        var shown = status is HeadersTooLarge or PlainOnTls ? 400 : status;
        var response = new HttpResponse(shown) { Reason = Reason(shown), Closes = Closes(status) };
        if (status is < 300 or 304)
        {
            return response;
        }

        var title = Title(status);
        var detail = status switch { HeadersTooLarge => "Request Header Or Cookie Too Large", PlainOnTls => "The plain HTTP request was sent to HTTPS port", _ => null };
        var heading = detail is null ? $"{shown} {title}" : "400 Bad Request";
        var lines = new List<string> { "<html>", $"<head><title>{(detail is null ? heading : $"400 {detail}")}</title></head>", "<body>", $"<center><h1>{heading}</h1></center>" };
        if (detail is not null)
        {
            lines.Add($"<center>{detail}</center>");
        }

        lines.AddRange([$"<hr><center>{Server(settings, version)}</center>", "</body>", "</html>", ""]);
        response.ContentType = "text/html";
        response.Content = new BytesPayload(Text.ByteText.ToBytes(title is null ? "" : string.Join("\r\n", lines)));
        return response;
    }

    /// <summary>What nginx calls itself.</summary>
    public static string Server(NginxSettings settings, string version) => settings.TellsVersion ? $"nginx/{version}" : "nginx";

    /// <summary>The words behind a status.</summary>
    public static string Reason(int status) => status switch
    {
        302 => "Moved Temporarily",
        401 => "Unauthorized",
        _ => Title(status) ?? HttpStatus.Reason(status) switch { "Unknown" => "", var reason => reason },
    };

    private static string? Title(int status) => status switch
    {
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 or HeadersTooLarge or PlainOnTls => "Bad Request",
        401 => "Authorization Required",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Time-out",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Large",
        415 => "Unsupported Media Type",
        416 => "Requested Range Not Satisfiable",
        421 => "Misdirected Request",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Temporarily Unavailable",
        504 => "Gateway Time-out",
        505 => "HTTP Version Not Supported",
        507 => "Insufficient Storage",
        _ => null,
    };
}
