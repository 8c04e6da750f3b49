using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Tools;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Reads configuration files with what they include, and checks that every directive is one and stands where it may.</summary>
internal sealed class ConfigReader(Process process)
{
    private const int MostBytes = 1 << 20;
    private const int MostFiles = 512;
    private const int DeepestBlock = 32;
    private int files;

    /// <summary>What was read, file by file.</summary>
    public List<(string Path, string Text)> Files { get; } = [];

    /// <summary>Directives that are real but do nothing here, and whose absence a user would notice.</summary>
    public List<Directive> WithoutEffect { get; } = [];

    /// <summary>Reads the main file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="globals">Directives of the command line (<c>-g</c>).</param>
    public async ValueTask<List<Directive>> ReadAsync(string path, string globals)
    {
        var directives = new List<Directive>();
        await ReadTextAsync(globals, "command line", ConfigContext.Main, directives, 0);
        await ReadFileAsync(path, ConfigContext.Main, directives, 0, "");
        return directives;
    }

    private async ValueTask ReadFileAsync(string path, ConfigContext context, List<Directive> into, int depth, string from)
    {
        if (++files > MostFiles || depth > DeepestBlock)
        {
            throw new NginxConfigException($"open() \"{path}\" failed (24: Too many open files){from}");
        }

        string text;
        try
        {
            text = ByteText.FromBytes(await process.Container.Files.ReadAllAsync(process.Caller, path, MostBytes));
        }
        catch (FileException failure)
        {
            throw new NginxConfigException($"open() \"{path}\" failed ({(int)failure.Code}: {failure.Message}){from}");
        }

        Files.Add((path, text));
        await process.StepAsync(1 + (text.Length / 4096));
        await ReadTextAsync(text, path, context, into, depth);
    }

    private async ValueTask ReadTextAsync(string text, string file, ConfigContext context, List<Directive> into, int depth)
    {
        var tokens = new ConfigTokens(text, file);
        await ReadBlockAsync(tokens, context, into, depth, isNested: false);
    }

    private async ValueTask ReadBlockAsync(ConfigTokens tokens, ConfigContext context, List<Directive> into, int depth, bool isNested)
    {
        if (depth > DeepestBlock)
        {
            throw new NginxConfigException($"blocks are nested too deeply in {tokens.Place}");
        }

        while (true)
        {
            var (words, mark) = tokens.Next();
            switch (mark)
            {
                case '\0':
                    _ = isNested ? throw new NginxConfigException($"unexpected end of file, expecting \"}}\" in {tokens.Place}") : 0;
                    return;
                case '}':
                    _ = isNested ? 0 : throw new NginxConfigException($"unexpected \"}}\" in {tokens.Place}");
                    return;
                default:
                    await ReadDirectiveAsync(tokens, words, mark == '{', context, into, depth);
                    break;
            }
        }
    }

    private async ValueTask ReadDirectiveAsync(ConfigTokens tokens, List<string> words, bool hasBlock, ConfigContext context, List<Directive> into, int depth)
    {
        var directive = new Directive(words[0], words[1..], null, tokens.Place);
        if (directive is { Name: "include", Arguments.Count: 1 } && !hasBlock)
        {
            foreach (var path in await FindIncludedAsync(directive.Value))
            {
                await ReadFileAsync(path, context, into, depth + 1, $" in {directive.Place}");
            }

            return;
        }

        var rule = DirectiveTable.Check(directive, hasBlock, context);
        if (rule.IsNoticed)
        {
            WithoutEffect.Add(directive);
        }

        if (hasBlock)
        {
            var inner = new List<Directive>();
            await ReadBlockAsync(tokens, rule.Inner, inner, depth + 1, isNested: true);
            directive = directive with { Block = inner };
        }

        into.Add(directive);
    }

    /// <summary>A pattern may match nothing; a plain name must be there.</summary>
    private async ValueTask<IEnumerable<string>> FindIncludedAsync(string pattern)
    {
        pattern = pattern.StartsWith('/') ? pattern : NginxPaths.Prefix + pattern;
        var slash = pattern.LastIndexOf('/');
        if (pattern.AsSpan().IndexOfAny('*', '?', '[') < 0)
        {
            return [pattern];
        }

        try
        {
            var entries = await process.Container.Files.ListAsync(process.Caller, slash == 0 ? "/" : pattern[..slash]);
            return entries.Where(entry => !entry.Name.StartsWith('.') && Glob.Matches(pattern[(slash + 1)..], entry.Name)).Select(entry => $"{pattern[..slash]}/{entry.Name}").ToList();
        }
        catch (FileException)
        {
            return [];
        }
    }
}

/// <summary>Where nginx's own files are.</summary>
internal static class NginxPaths
{
    /// <summary>What relative paths of the configuration begin at.</summary>
    public const string Prefix = "/etc/nginx/";

    /// <summary>The main file.</summary>
    public const string Main = "/etc/nginx/nginx.conf";

    /// <summary>Where errors go until a configuration says otherwise.</summary>
    public const string ErrorLog = "/var/log/nginx/error.log";

    /// <summary>Where requests are noted unless a configuration says otherwise.</summary>
    public const string AccessLog = "/var/log/nginx/access.log";

    /// <summary>Where the master's number is kept unless a configuration says otherwise.</summary>
    public const string Pid = "/var/run/nginx.pid";

    /// <summary>A path of the configuration, absolute.</summary>
    public static string Absolute(string path) => path.StartsWith('/') ? path : Prefix + path;
}
