using System.Globalization;
using System.Net;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Reads what inherits from level to level. What is a list replaces the list above as a whole.</summary>
internal sealed class SettingsBuilder(ConfigScope scope)
{
    private static readonly string[] MayRepeat = ["access_log", "add_header", "allow", "deny", "error_page", "index", "proxy_set_header", "error_log"];

    /// <summary>Formats of access logs by name.</summary>
    public Dictionary<string, (NginxText Format, string Escape)> Formats { get; } = new(StringComparer.Ordinal) { ["combined"] = (NginxText.Parse(AccessLog.Combined), "default") };

    public NginxSettings Read(NginxSettings above, IReadOnlyList<Directive> directives)
    {
        var settings = above;
        foreach (var directive in directives.Where(directive => directive.Name == "log_format"))
        {
            AddFormat(directive);
        }

        foreach (var group in directives.GroupBy(directive => directive.Name is "allow" or "deny" ? "allow" : directive.Name))
        {
            var all = group.ToList();
            settings = ReadList(settings, group.Key, all) ?? ReadOne(settings, all[0]) ?? settings;
            if (all.Count > 1 && !MayRepeat.Contains(group.Key) && ReadOne(settings, all[1]) is not null)
            {
                throw all[1].Error($"\"{group.Key}\" directive is duplicate");
            }
        }

        var (root, alias) = (directives.FirstOrDefault(directive => directive.Name == "root"), directives.FirstOrDefault(directive => directive.Name == "alias"));
        return root is null || alias is null
            ? settings
            : throw root.Error("\"root\" directive is duplicate, \"alias\" directive was specified earlier");
    }

    private NginxSettings? ReadList(NginxSettings settings, string name, List<Directive> all) => name switch
    {
        "index" => settings with { Index = [.. all.SelectMany(directive => directive.Arguments.Select(text => scope.Text(directive, text)))] },
        "error_page" => settings with { ErrorPages = [.. all.Select(ErrorPageOf)] },
        "add_header" => settings with { Headers = [.. all.Select(directive => new AddedHeader(directive.Value, scope.Text(directive, directive.Arguments[1]), directive.Arguments is [_, _, "always"]))] },
        "access_log" => settings with { AccessLogs = [.. all.Where(directive => directive.Value != "off").Select(AccessLogOf)] },
        "allow" => settings with { Rules = [.. all.Select(RuleOf)] },
        "proxy_set_header" => settings with { ProxyHeaders = [.. all.Select(directive => (directive.Value, scope.Text(directive, directive.Arguments[1])))] },
        "types" => settings with { Types = TypesOf(all[0].Block!) },
        "error_log" => settings with { ErrorLog = ErrorLogOf(all[0]) },
        _ => null,
    };

    private NginxSettings? ReadOne(NginxSettings settings, Directive directive) => directive.Name switch
    {
        "root" => settings with { Root = Path(directive), Alias = null },
        "alias" => settings with { Alias = Path(directive) },
        "autoindex" => settings with { ListsDirectories = directive.IsOn },
        "autoindex_exact_size" => settings with { ListsExactSizes = directive.IsOn },
        "autoindex_format" => settings with { ListFormat = directive.Value is "html" or "json" ? directive.Value : throw directive.Error($"invalid value \"{directive.Value}\"") },
        "default_type" => settings with { DefaultType = directive.Value },
        "charset" => settings with { Charset = directive.Value == "off" ? null : directive.Value },
        "expires" => settings with { Expires = directive.Value is "off" or "max" or "epoch" ? null : Duration(directive) },
        "client_max_body_size" => settings with { MostBody = Size(directive) },
        "client_body_timeout" => settings with { BodyTimeout = Duration(directive) },
        "auth_basic" => settings with { Realm = directive.Value == "off" ? null : directive.Value },
        "auth_basic_user_file" => settings with { UserFile = NginxPaths.Absolute(directive.Value) },
        "proxy_http_version" => settings with { ProxyMinor = directive.Value == "1.1" ? 1 : 0 },
        "proxy_connect_timeout" => settings with { ProxyConnectTimeout = Duration(directive) },
        "proxy_read_timeout" => settings with { ProxyReadTimeout = Duration(directive) },
        "proxy_intercept_errors" => settings with { InterceptsErrors = directive.IsOn },
        "server_tokens" => settings with { TellsVersion = directive.Value == "build" || directive.IsOn },
        "absolute_redirect" => settings with { RedirectsAbsolutely = directive.IsOn },
        "port_in_redirect" => settings with { RedirectsWithPort = directive.IsOn },
        "server_name_in_redirect" => settings with { RedirectsWithServerName = directive.IsOn },
        _ => null,
    };

    /// <summary>A duration, such as 65, 1m30s, 500ms.</summary>
    public static TimeSpan Duration(Directive directive)
    {
        var text = directive.Value;
        var total = TimeSpan.Zero;
        for (var at = 0; at < text.Length;)
        {
            var digits = text.AsSpan(at).IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length - at;
            var units = text.AsSpan(at + digits).IndexOfAnyInRange('0', '9') is var next and >= 0 ? next : text.Length - at - digits;
            var unit = text.Substring(at + digits, units) switch { "ms" => 0.001, "" or "s" => 1, "m" => 60, "h" => 3600, "d" => 86_400, "w" => 604_800, "M" => 2_592_000, "y" => 31_536_000, _ => -1 };
            const int mostDigits = 9;
            total += digits is > 0 and <= mostDigits && unit > 0
                ? TimeSpan.FromSeconds(unit * int.Parse(text.AsSpan(at, digits), NumberStyles.None, CultureInfo.InvariantCulture))
                : throw directive.Error($"\"{directive.Name}\" directive invalid value");
            at += digits + units;
        }

        return total;
    }

    public static ErrorLogTarget ErrorLogOf(Directive directive)
    {
        var name = directive.Arguments.ElementAtOrDefault(1) ?? "error";
        return Enum.TryParse<LogLevel>(name, ignoreCase: true, out var level) && name.All(char.IsAsciiLetterLower)
            ? new ErrorLogTarget(directive.Value == "stderr" ? "stderr" : NginxPaths.Absolute(directive.Value), level)
            : throw directive.Error($"invalid log level \"{name}\"");
    }

    private static long Size(Directive directive)
    {
        var text = directive.Value;
        var factor = text.Length == 0 ? 0 : char.ToLowerInvariant(text[^1]) switch { 'k' => 1L << 10, 'm' => 1L << 20, 'g' => 1L << 30, _ => 1 };
        const long mostUnits = 1L << 20;
        return long.TryParse(factor > 1 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= (factor == 1 ? long.MaxValue : mostUnits)
            ? number * factor
            : throw directive.Error($"\"{directive.Name}\" directive invalid value");
    }

    private NginxText Path(Directive directive) =>
        scope.Text(directive, directive.Value.StartsWith('/') || directive.Value.StartsWith('$') ? directive.Value : NginxPaths.Prefix + directive.Value);

    private ErrorPage ErrorPageOf(Directive directive)
    {
        var codes = directive.Arguments.SkipLast(1).ToList();
        int? status = null;
        if (codes.Count > 1 && codes[^1].StartsWith('='))
        {
            status = codes[^1].Length == 1 ? 0 : Number(directive, codes[^1][1..]);
            codes.RemoveAt(codes.Count - 1);
        }

        return new ErrorPage([.. codes.Select(code => Code(directive, code))], status, scope.Text(directive, directive.Arguments[^1]));
    }

    private static int Code(Directive directive, string text) =>
        Number(directive, text) is var code and >= 300 and <= 599 ? code : throw directive.Error($"value \"{text}\" must be between 300 and 599");

    private static int Number(Directive directive, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw directive.Error($"invalid value \"{text}\"");

    private AccessLog AccessLogOf(Directive directive)
    {
        var name = directive.Arguments.Skip(1).FirstOrDefault(argument => !argument.Contains('=')) ?? "combined";
        var (format, escape) = Formats.TryGetValue(name, out var known) ? known : throw directive.Error($"unknown log format \"{name}\"");
        return new AccessLog(NginxPaths.Absolute(directive.Value), format, escape);
    }

    private void AddFormat(Directive directive)
    {
        var escape = directive.Arguments[1].StartsWith("escape=", StringComparison.Ordinal) ? directive.Arguments[1][7..] : null;
        var text = string.Concat(directive.Arguments.Skip(escape is null ? 1 : 2));
        if (!Formats.TryAdd(directive.Value, (scope.Text(directive, text), escape ?? "default")))
        {
            throw directive.Error($"duplicate \"log_format\" name \"{directive.Value}\"");
        }
    }

    private static AccessRule RuleOf(Directive directive)
    {
        var allows = directive.Name == "allow";
        if (directive.Value == "all")
        {
            return new AccessRule(allows, null);
        }

        var text = directive.Value.Contains('/') ? directive.Value : directive.Value + (directive.Value.Contains(':') ? "/128" : "/32");
        return IPNetwork.TryParse(text, out var network) ? new AccessRule(allows, network) : throw directive.Error($"invalid parameter \"{directive.Value}\"");
    }

    private static Dictionary<string, string> TypesOf(IReadOnlyList<Directive> lines)
    {
        var types = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            foreach (var extension in line.Arguments)
            {
                types[extension] = line.Name;
            }
        }

        return types;
    }
}
