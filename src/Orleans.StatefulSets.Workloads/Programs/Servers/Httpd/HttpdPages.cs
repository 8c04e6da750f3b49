using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Httpd;

/// <summary>The pages that httpd has of its own (<c>modules/http/http_protocol.c</c>).</summary>
internal static class HttpdPages
{
    /// <summary>What a directory's list begins with.</summary>
    public const string ListDoctype = "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n";

    private const string Doctype = "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n";

    public static string Of(int status, HttpRequest request, string location, bool headersTooLong) =>
        $"{Doctype}<html><head>\n<title>{status} {HttpStatus.Reason(status)}</title>\n</head><body>\n<h1>{HttpStatus.Reason(status)}</h1>\n{Text(status, request, location, headersTooLong)}</body></html>\n";

    public static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    private static string Text(int status, HttpRequest request, string location, bool headersTooLong) => status switch
    {
        301 => $"<p>The document has moved <a href=\"{Escape(location)}\">here</a>.</p>\n",
        400 => $"<p>Your browser sent a request that this server could not understand.<br />\n{(headersTooLong ? "Size of a request header field exceeds server limit." : "")}</p>\n",
        403 => "<p>You don't have permission to access this resource.</p>\n",
        404 => "<p>The requested URL was not found on this server.</p>\n",
        405 => $"<p>The requested method {Escape(request.Method)} is not allowed for this URL.</p>\n",
        412 => "<p>The precondition on the request for this URL evaluated to false.</p>\n",
        413 => "<p>The requested resource does not allow request data with the requested method,\nor the amount of data provided in\nthe request exceeds the capacity limit.</p>\n",
        414 => "<p>The requested URL's length exceeds the capacity\nlimit for this server.<br />\n</p>\n",
        416 => "<p>None of the range-specifier values in the Range\nrequest-header field overlap the current extent\nof the selected resource.</p>\n",
        501 => $"<p>{Escape(request.Method)} not supported for current URL.<br />\n</p>\n",
        _ => "<p>The server encountered an internal error or\nmisconfiguration and was unable to complete\nyour request.</p>\n",
    };
}
