using System.Net;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>host: the addresses of a name, or the name of an address.</summary>
internal sealed class HostTool() : Tool("t:aW:v", "[-t TYPE] NAME [SERVER]", "host")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        var name = call.Operands[0];
        var reverse = IPAddress.TryParse(name, out var address);
        var type = reverse ? DnsType.PTR : Enum.TryParse<DnsType>(call.Value('t') ?? "A", ignoreCase: true, out var asked) ? asked : throw new UsageException($"invalid type: {call.Value('t')}", withUsage: false);
        var settings = await NetworkCall.SettingsAsync(call);
        var question = reverse ? NameResolver.ReverseName(address!) : name;
        var answer = reverse
            ? await NetworkCall.QueryAsync(call, question, type)
            : await NameResolver.SearchAsync(call.Process.Container.Network, settings, question, type, call.Process.Killed);
        if (answer.TimedOut || !answer.Exists)
        {
            call.Status = 1;
            await call.WriteLineAsync(answer.TimedOut ? ";; connection timed out; no servers could be reached" : $"Host {question} not found: 3(NXDOMAIN)");
            return;
        }

        foreach (var record in answer.Records)
        {
            await call.WriteLineAsync(record.Type switch
            {
                DnsType.A => $"{record.Name} has address {record.Data}",
                DnsType.AAAA => $"{record.Name} has IPv6 address {record.Data}",
                DnsType.PTR => $"{record.Name} domain name pointer {DnsText.Of(record)}",
                DnsType.SRV => $"{record.Name} has SRV record {DnsText.Of(record)}",
                DnsType.SOA => $"{record.Name} has SOA record {DnsText.Of(record)}",
                DnsType.NS => $"{record.Name} name server {DnsText.Of(record)}",
                DnsType.TXT => $"{record.Name} descriptive text {DnsText.Of(record)}",
                _ => $"{record.Name} is an alias for {DnsText.Of(record)}",
            });
        }

        if (answer.Records.Count == 0)
        {
            await call.WriteLineAsync($"{question} has no {type} record");
        }
    }
}

/// <summary>getent: entries of hosts, passwd and group.</summary>
internal sealed class GetentTool() : Tool("+", "DATABASE [KEY]...", "getent")
{
    private const int NotFound = 2;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        var (database, keys) = (call.Operands[0], call.Operands.Skip(1).ToList());
        switch (database)
        {
            case "hosts" or "ahosts" or "ahostsv4":
                foreach (var key in keys)
                {
                    await HostAsync(call, key, database);
                }

                break;
            case "passwd" or "group":
                var lines = (await call.ReadAllAsync($"/etc/{database}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                var found = lines.Where(line => keys.Count == 0 || line.Split(':') is var fields && (keys.Contains(fields[0]) || keys.Contains(fields.ElementAtOrDefault(2) ?? ""))).ToList();
                call.Status = found.Count < keys.Count ? NotFound : 0;
                await call.WriteAsync(string.Concat(found.Select(line => line + "\n")));
                break;
            default:
                throw new UsageException($"Unknown database: {database}", withUsage: false);
        }
    }

    private static async ValueTask HostAsync(ToolCall call, string key, string database)
    {
        var addresses = await NetworkCall.ResolveAsync(call, key, call.Process.Killed);
        call.Status = addresses.Count == 0 ? NotFound : call.Status;
        var name = key;
        if (IPAddress.TryParse(key, out var address))
        {
            name = await NetworkCall.NameOfAsync(call, address) ?? "";
            call.Status = name.Length == 0 ? NotFound : call.Status;
            if (name.Length == 0)
            {
                return;
            }
        }
        else if (addresses.Count > 0 && !key.EndsWith('.'))
        {
            var answer = await NameResolver.SearchAsync(call.Process.Container.Network, await NetworkCall.SettingsAsync(call), key, DnsType.A, call.Process.Killed);
            name = answer.Records.FirstOrDefault(record => record.Type == DnsType.A)?.Name.TrimEnd('.') ?? key;
        }

        foreach (var found in addresses)
        {
            await call.WriteLineAsync(database == "hosts" ? $"{found,-15}   {name}" : $"{found,-15} STREAM {name}");
        }
    }
}
