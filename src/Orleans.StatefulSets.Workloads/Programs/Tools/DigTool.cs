using System.Net;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>dig: asks DNS one question.</summary>
internal sealed class DigTool() : Tool("+x:p:t:q:46", "[@server] [-x ADDRESS] [NAME] [TYPE] [+short] [+search]", "dig")
{
    protected override List<string> Prepare(List<string> arguments) => [.. arguments.Where(argument => argument.StartsWith('-')).SelectMany(argument => With(arguments, argument)), "--", .. Plain(arguments)];

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var words = call.Operands;
        var type = DnsType.A;
        string? name = call.Value('q');
        if (call.Value('t') is { } asked && !Enum.TryParse(asked, ignoreCase: true, out type))
        {
            throw new UsageException($"invalid type {asked}", withUsage: false);
        }

        foreach (var word in words.Where(word => !word.StartsWith('@') && !word.StartsWith('+')))
        {
            if (Enum.TryParse<DnsType>(word, ignoreCase: true, out var named) && !int.TryParse(word, out _))
            {
                type = named;
            }
            else if (!word.Equals("IN", StringComparison.OrdinalIgnoreCase))
            {
                name = word;
            }
        }

        if (call.Value('x') is { } reverse)
        {
            (name, type) = (IPAddress.TryParse(reverse, out var address) ? NameResolver.ReverseName(address) : throw new UsageException($"invalid address {reverse}", withUsage: false), DnsType.PTR);
        }

        name = (name ?? ".").TrimEnd('.');
        var settings = await NetworkCall.SettingsAsync(call);
        var answer = words.Contains("+search")
            ? await NameResolver.SearchAsync(call.Process.Container.Network, settings, name, type, call.Process.Killed)
            : await NetworkCall.QueryAsync(call, name, type);
        if (answer.TimedOut)
        {
            call.Status = 9;
            await call.WriteAsync(";; connection timed out; no servers could be reached\n");
            return;
        }

        var server = words.Find(word => word.StartsWith('@'))?[1..] ?? settings.Servers.FirstOrDefault() ?? "127.0.0.1";
        await (words.Contains("+short") ? ShowShortAsync(call, answer) : ShowAsync(call, name, type, answer, server));
    }

    private static IEnumerable<string> With(List<string> arguments, string option)
    {
        var next = arguments.ElementAtOrDefault(arguments.IndexOf(option) + 1);
        return option.Length == 2 && "xptq".Contains(option[1], StringComparison.Ordinal) && next is not null ? [option, next] : [option];
    }

    private static IEnumerable<string> Plain(List<string> arguments) =>
        arguments.Where((argument, index) => !argument.StartsWith('-') && !(index > 0 && arguments[index - 1] is "-x" or "-p" or "-t" or "-q"));

    private static async ValueTask ShowShortAsync(ToolCall call, DnsAnswer answer)
    {
        foreach (var record in answer.Records)
        {
            await call.WriteLineAsync(DnsText.Of(record));
        }
    }

    private static async ValueTask ShowAsync(ToolCall call, string name, DnsType type, DnsAnswer answer, string server)
    {
        await call.WriteAsync($"\n; <<>> DiG 9.18 <<>> {string.Join(' ', call.Process.Arguments.Skip(1))}\n;; global options: +cmd\n;; Got answer:\n");
        await call.WriteAsync($";; ->>HEADER<<- opcode: QUERY, status: {(answer.Exists ? "NOERROR" : "NXDOMAIN")}, id: {1 + (name.Length * 7919 % 65_535)}\n");
        await call.WriteAsync($";; flags: qr{(answer.IsAuthoritative ? " aa" : "")} rd; QUERY: 1, ANSWER: {answer.Records.Count}, AUTHORITY: {answer.Authority.Count}, ADDITIONAL: {answer.Additional.Count}\n");
        await call.WriteAsync($";; WARNING: recursion requested but not available\n\n;; QUESTION SECTION:\n;{name}.\t\tIN\t{type}\n\n");
        await ShowSectionAsync(call, "ANSWER", answer.Records);
        await ShowSectionAsync(call, "AUTHORITY", answer.Authority);
        await ShowSectionAsync(call, "ADDITIONAL", answer.Additional);
        await call.WriteAsync($";; Query time: 0 msec\n;; SERVER: {server}#53({server}) (UDP)\n;; WHEN: {DateText.Format("%a %b %d %H:%M:%S UTC %Y", call.Clock.GetUtcNow().UtcDateTime)}\n\n");
    }

    private static async ValueTask ShowSectionAsync(ToolCall call, string title, IReadOnlyList<DnsRecord> records)
    {
        if (records.Count > 0)
        {
            var lines = records.Select(record => $"{record.Name.TrimEnd('.')}.\t{record.TimeToLive}\tIN\t{record.Type}\t{DnsText.Of(record)}\n");
            await call.WriteAsync($";; {title} SECTION:\n{string.Concat(lines)}\n");
        }
    }
}
