using System.Net;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>Finds addresses of names as the C library does: numbers, /etc/hosts, then DNS along the search list of /etc/resolv.conf.</summary>
public static class NameResolver
{
    private const int MostBytes = 1 << 20;
    private const int DefaultDots = 1;

    /// <summary>The lines of /etc/hosts.</summary>
    public static async ValueTask<IReadOnlyList<(IPAddress Address, string[] Names)>> HostsAsync(FileSystem files, Caller by) =>
        [.. (await LinesAsync(files, by, "/etc/hosts")).Where(words => words.Length > 1 && IPAddress.TryParse(words[0], out _)).Select(words => (IPAddress.Parse(words[0]), words[1..]))];

    /// <summary>What /etc/resolv.conf says: the servers, the search list and from how many dots on a name is asked as it is first.</summary>
    public static async ValueTask<ResolverSettings> SettingsAsync(FileSystem files, Caller by)
    {
        var lines = await LinesAsync(files, by, "/etc/resolv.conf");
        var options = lines.Where(words => words[0] == "options").SelectMany(words => words.Skip(1)).ToList();
        var dots = options.FindLast(option => option.StartsWith("ndots:", StringComparison.Ordinal));
        return new ResolverSettings(
            [.. lines.Where(words => words is ["nameserver", _, ..]).Select(words => words[1])],
            lines.LastOrDefault(words => words[0] is "search" or "domain")?[1..] ?? [],
            int.TryParse(dots?[6..], out var count) ? count : DefaultDots);
    }

    /// <summary>The full names that a name may stand for, in the order they are asked.</summary>
    public static IEnumerable<string> Candidates(string name, ResolverSettings settings)
    {
        if (name.EndsWith('.'))
        {
            return [name.TrimEnd('.')];
        }

        var searched = settings.Search.Select(domain => $"{name}.{domain.TrimEnd('.')}");
        return name.Count(letter => letter == '.') >= settings.Dots ? searched.Prepend(name) : searched.Append(name);
    }

    /// <summary>Asks DNS along the search list; the first name that exists and has data of the type answers.</summary>
    public static async ValueTask<DnsAnswer> SearchAsync(IPodNetwork network, ResolverSettings settings, string name, DnsType type, CancellationToken cancellation)
    {
        var answer = new DnsAnswer(false, []);
        foreach (var candidate in Candidates(name, settings))
        {
            var next = await network.QueryAsync(new DnsQuestion(candidate, type), cancellation);
            if (next.Records.Count > 0 || next.TimedOut)
            {
                return next;
            }

            answer = next.Exists ? next : answer;
        }

        return answer;
    }

    /// <summary>The addresses of a name or number; none where it has none.</summary>
    public static async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(IPodNetwork network, FileSystem files, Caller by, string name, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(name.Trim('[', ']'), out var address))
        {
            return [address];
        }

        var known = (await HostsAsync(files, by)).Where(line => line.Names.Contains(name, StringComparer.OrdinalIgnoreCase)).Select(line => line.Address).ToList();
        if (known.Count > 0)
        {
            return known;
        }

        var answer = await SearchAsync(network, await SettingsAsync(files, by), name, DnsType.A, cancellation);
        return [.. answer.Records.Where(record => record.Type == DnsType.A).Select(record => IPAddress.Parse(record.Data))];
    }

    /// <summary>The name of an address, from /etc/hosts, else from DNS; null where it has none.</summary>
    public static async ValueTask<string?> NameOfAsync(IPodNetwork network, FileSystem files, Caller by, IPAddress address, CancellationToken cancellation)
    {
        var known = (await HostsAsync(files, by)).FirstOrDefault(line => line.Address.Equals(address)).Names;
        if (known is not null)
        {
            return known[0];
        }

        var answer = await network.QueryAsync(new DnsQuestion(ReverseName(address), DnsType.PTR), cancellation);
        return answer.Records.FirstOrDefault(record => record.Type == DnsType.PTR)?.Data.TrimEnd('.');
    }

    /// <summary>The name that PTR asks for an IPv4 address.</summary>
    public static string ReverseName(IPAddress address) => string.Join('.', address.GetAddressBytes().Reverse()) + ".in-addr.arpa";

    private static async ValueTask<List<string[]>> LinesAsync(FileSystem files, Caller by, string path)
    {
        try
        {
            var text = ByteText.FromBytes(await files.ReadAllAsync(by, path, MostBytes));
            return [.. text.Split('\n').Select(line => line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0)];
        }
        catch (FileException)
        {
            return [];
        }
    }
}

/// <summary>What a container's resolver is told.</summary>
/// <param name="Servers">Addresses of DNS servers.</param>
/// <param name="Search">Domains that are tried behind a name.</param>
/// <param name="Dots">A name with as many dots is asked as it is first.</param>
public sealed record ResolverSettings(IReadOnlyList<string> Servers, IReadOnlyList<string> Search, int Dots);
