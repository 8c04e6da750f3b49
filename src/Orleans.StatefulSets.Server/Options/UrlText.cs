namespace Orleans.StatefulSets.Server.Options;

/// <summary>Addresses to listen on: <c>http://host:port</c>, several divided by semicolons as ASP.NET Core has them.</summary>
internal static class UrlText
{
    public static IReadOnlyList<Uri> Parse(string text)
    {
        var urls = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseOne).ToList();
        return urls.Count > 0 ? urls : throw Malformed(text);
    }

    public static string Write(Uri url) => url.GetLeftPart(UriPartial.Authority);

    private static Uri ParseOne(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            throw Malformed(text);
        }

        if (url.Scheme != Uri.UriSchemeHttp)
        {
            throw new OptionException($"'{text}' is not http; put a proxy in front where TLS is needed");
        }

        var onlyHostAndPort = url.AbsolutePath == "/" && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0;
        return onlyHostAndPort && url.Port > 0 ? url : throw Malformed(text);
    }

    private static OptionException Malformed(string text) => new($"'{text}' is not a URL such as http://127.0.0.1:8080");
}
