namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Sends clients elsewhere.</summary>
internal static class Redirects
{
    /// <summary>A redirect; a path becomes a URL of the server that the client called, as <c>absolute_redirect</c> has it.</summary>
    public static Turn To(NginxExchange exchange, int status, string to)
    {
        var response = NginxPages.Of(status, exchange.Settings, exchange.Site.Config.Version);
        var settings = exchange.Settings;
        if (!to.StartsWith('/') || !settings.RedirectsAbsolutely)
        {
            response.Headers.Add(("Location", to));
            return new Turn.Answer(response);
        }

        var called = exchange.Request.Host;
        var own = System.Net.IPAddress.IsLoopback(exchange.Request.From.Address) ? "127.0.0.1" : exchange.Process.Container.Network.Address?.ToString() ?? "127.0.0.1";
        var host = settings.RedirectsWithServerName && exchange.Server.Name.Length > 0 ? exchange.Server.Name : called.Length > 0 ? called : own;
        var port = settings.RedirectsWithPort && exchange.Request.Port != 80 ? $":{exchange.Request.Port}" : "";
        response.Location = $"http://{host}{port}{to}";
        return new Turn.Answer(response);
    }
}

/// <summary>Types of files by their names.</summary>
internal static class MimeTypes
{
    public static string Of(string path, NginxSettings settings)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var dot = name.LastIndexOf('.');
        return dot >= 0 && settings.Types.TryGetValue(name[(dot + 1)..], out var type) ? type : settings.DefaultType;
    }
}
