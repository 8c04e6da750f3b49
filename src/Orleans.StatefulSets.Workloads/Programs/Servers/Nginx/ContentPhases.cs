using System.Globalization;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>What a location does with a request, in nginx's order: its steps, who may, which file, the content.</summary>
internal static class ContentPhases
{
    public static async ValueTask<Turn> RunAsync(NginxExchange exchange)
    {
        var location = exchange.Location;
        if (location.IsInternal && !exchange.IsInternal)
        {
            return new Turn.Fail(404);
        }

        if (exchange.Settings.MostBody is > 0 and var most && exchange.Request.Body.Length > most)
        {
            await exchange.Site.ComplainAsync(exchange, LogLevel.Error, $"client intended to send too large body: {exchange.Request.Body.Length} bytes");
            return new Turn.Fail(413);
        }

        if (LocationSearch.FindWithSlash(exchange) is { } slashed)
        {
            return slashed;
        }

        var steps = location == exchange.Server.Root ? [] : location.Steps;
        return await RewriteRunner.RunAsync(exchange, steps)
            ?? await RefuseAsync(exchange)
            ?? await TryFilesAsync(exchange)
            ?? await ContentAsync(exchange);
    }

    private static async ValueTask<Turn> ContentAsync(NginxExchange exchange)
    {
        var location = exchange.Location;
        if (location.Proxy is not null)
        {
            return await NginxProxy.AnswerAsync(exchange, location.Proxy);
        }

        if (location.IsElsewhere)
        {
            await exchange.Site.ComplainAsync(exchange, LogLevel.Error, "this kind of upstream is not emulated");
            return new Turn.Fail(502);
        }

        return location.IsStatus ? exchange.Site.Status() : await StaticFiles.AnswerAsync(exchange);
    }

    private static async ValueTask<Turn?> RefuseAsync(NginxExchange exchange)
    {
        var settings = exchange.Settings;
        var rule = settings.Rules.FirstOrDefault(rule => rule.Network is null || rule.Network.Value.Contains(exchange.Request.From.Address));
        if (rule is { Allows: false })
        {
            await exchange.Site.ComplainAsync(exchange, LogLevel.Error, "access forbidden by rule");
            return new Turn.Fail(403);
        }

        if (settings.Realm is null || await PasswordFile.KnowsAsync(exchange, settings.UserFile))
        {
            return null;
        }

        return new Turn.Fail(401) { Header = ("WWW-Authenticate", $"Basic realm=\"{settings.Realm}\"") };
    }

    private static async ValueTask<Turn?> TryFilesAsync(NginxExchange exchange)
    {
        var tries = exchange.Location.TryFiles;
        for (var index = 0; index < tries.Count - 1; index++)
        {
            // Whether a directory is meant, the configuration's text says, whatever its variables hold.
            var isDirectory = tries[index].EndsWithSlash;
            var text = exchange.Text(tries[index]);
            var name = isDirectory && text.EndsWith('/') ? text[..^1] : text;
            if (await IsThereAsync(exchange, name, isDirectory))
            {
                exchange.Uri = exchange.Settings.Alias is not null && !name.StartsWith('/') ? exchange.Location.Pattern + name : name;
                return null;
            }
        }

        if (tries.Count == 0)
        {
            return null;
        }

        var last = exchange.Text(tries[^1]);
        if (last.StartsWith('=') && int.TryParse(last.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            return code >= 300 ? new Turn.Fail(code) : new Turn.Answer(NginxPages.Of(code, exchange.Settings, exchange.Site.Config.Version));
        }

        if (last.StartsWith('@'))
        {
            return exchange.Server.Named.TryGetValue(last, out var named) ? await exchange.RedirectAsync(exchange.Uri, exchange.Query, new Turn.Enter(named)) : new Turn.Fail(500);
        }

        var question = last.IndexOf('?', StringComparison.Ordinal);
        return await exchange.RedirectAsync(question < 0 ? last : last[..question], question < 0 ? exchange.Query : last[(question + 1)..], new Turn.Begin());
    }

    private static async ValueTask<bool> IsThereAsync(NginxExchange exchange, string name, bool isDirectory)
    {
        try
        {
            var node = await exchange.Files.StatAsync(exchange.Caller, StaticFiles.PathOf(exchange, name));
            return node.IsDirectory == isDirectory;
        }
        catch (FileException)
        {
            return false;
        }
    }
}

/// <summary>Who may, by a file as <c>htpasswd</c> makes it.</summary>
internal static class PasswordFile
{
    private const int MostBytes = 1 << 20;

    /// <summary>Whether the client proved what it is asked for. Of the ways to keep passwords, plain ones and <c>{SHA}</c> are known.</summary>
    public static async ValueTask<bool> KnowsAsync(NginxExchange exchange, string? path)
    {
        var header = exchange.Request.Header("Authorization") ?? "";
        var buffer = new byte[header.Length];
        if (path is null || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) || !Convert.TryFromBase64String(header[6..].Trim(), buffer, out var count))
        {
            return false;
        }

        var (user, password) = ByteText.FromBytes(buffer.AsSpan(0, count)).Split(':', 2) is [var first, var second] ? (first, second) : ("", "");
        try
        {
            var lines = ByteText.FromBytes(await exchange.Files.ReadAllAsync(exchange.Caller, path, MostBytes)).Split('\n');
            var kept = lines.FirstOrDefault(line => line.StartsWith(user + ":", StringComparison.Ordinal))?[(user.Length + 1)..].Split(':')[0].Trim();
            return user.Length > 0 && kept is not null && (kept == Sha(password) || kept == "{PLAIN}" + password);
        }
        catch (FileException failure)
        {
            await exchange.Site.ComplainAsync(exchange, LogLevel.Error, $"open() \"{path}\" failed ({(int)failure.Code}: {failure.Message})");
            return false;
        }
    }

    private static string Sha(string password) => "{SHA}" + Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(ByteText.ToBytes(password)));
}
