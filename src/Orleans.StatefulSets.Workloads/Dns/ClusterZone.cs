using System.Globalization;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Dns;

/// <summary>
/// The cluster's zone as a function of its Services and their endpoints: Kubernetes' DNS specification as CoreDNS answers it with kubeadm's
/// Corefile (<c>kubernetes cluster.local in-addr.arpa ip6.arpa</c>, <c>pods insecure</c>, <c>ttl 30</c>). That one forwards other names to the
/// node's resolver; here nothing leaves the cluster, so there are no other names: NXDOMAIN.
/// </summary>
/// <param name="services">The Services and their endpoints.</param>
public sealed class ClusterZone(IServiceDirectory services)
{
    /// <summary>The cluster's domain.</summary>
    public const string Domain = "cluster.local";

    /// <summary>Seconds for which an answer may be kept.</summary>
    public const int TimeToLive = 30;

    /// <summary>The version of the specification.</summary>
    public const string SchemaVersion = "1.1.0";

    private const int SchemaTimeToLive = 28_800;
    private const int MostAliases = 8;
    private const string VersionName = "dns-version";
    private const string ServerName = "ns.dns";

    private static readonly DnsAnswer Unknown = new(false, []);

    private readonly ZoneLookup lookup = new(services);

    /// <summary>Answers a question; its records bear the name as it was asked, in whatever case.</summary>
    public DnsAnswer Answer(DnsQuestion question)
    {
        var name = question.Name.TrimEnd('.');
        var known = name.ToLowerInvariant();
        if (ReverseLookup.Covers(known))
        {
            // CoreDNS falls through to the node's resolver for what is none of the cluster's addresses.
            var names = question.Type == DnsType.PTR ? ReverseLookup.Names(services, known) : [];
            return names.Count == 0 ? Unknown : Found([.. names.Select(found => ZoneRecords.Record(name, DnsType.PTR, found))]);
        }

        return Relative(known) is { } relative ? Answer(name, relative, question.Type) : Unknown;
    }

    private static string? Relative(string name) =>
        name == Domain ? ""
        : name.EndsWith("." + Domain, StringComparison.Ordinal) ? name[..^(Domain.Length + 1)]
        : null;

    private static DnsAnswer Found(IReadOnlyList<DnsRecord> records) => new(true, records) { IsAuthoritative = true };

    private DnsAnswer Answer(string name, string relative, DnsType type) => type switch
    {
        // Neither looks whether there is such a name, as CoreDNS does not.
        DnsType.TXT => relative == VersionName ? Found([new DnsRecord(name, DnsType.TXT, SchemaTimeToLive, SchemaVersion)]) : Nothing(exists: true),
        DnsType.SOA => relative.Length == 0 ? Found([Authority()]) : Nothing(exists: true),
        DnsType.NS when relative.Length == 0 => Servers(name),
        _ when relative == ServerName => ServerAddress() is { } address && type == DnsType.A ? Found([ZoneRecords.Address(name, address)]) : Nothing(exists: true),
        _ => lookup.Find(relative) is { } entries ? Answer(name, entries, type) : Nothing(exists: false),
    };

    private DnsAnswer Answer(string name, IReadOnlyList<ZoneEntry> entries, DnsType type)
    {
        DnsAnswer answer;
        switch (type)
        {
            case DnsType.A or DnsType.AAAA:
                answer = Found(Addresses(name, entries, type, 0));
                break;
            case DnsType.CNAME:
                answer = Found([.. entries.Take(1).Where(entry => entry.Alias is not null).Select(entry => ZoneRecords.Record(name, DnsType.CNAME, entry.Alias!))]);
                break;
            case DnsType.SRV:
                var (targets, addresses) = ZoneRecords.Services(name, entries);
                answer = Found(targets) with { Additional = addresses };
                break;
            default:
                return Nothing(exists: true);
        }

        return answer.Records.Count > 0 ? answer : Nothing(exists: true);
    }

    // An alias is followed within the zone; one that leads out of it is all that can be told.
    private List<DnsRecord> Addresses(string name, IReadOnlyList<ZoneEntry> entries, DnsType type, int followed)
    {
        List<DnsRecord> records = type == DnsType.A ? [.. ZoneRecords.Addresses(name, entries)] : [];
        foreach (var alias in entries.Select(entry => entry.Alias).OfType<string>())
        {
            if (followed >= MostAliases || alias.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var record = ZoneRecords.Record(name, DnsType.CNAME, alias);
            if (Relative(alias.ToLowerInvariant()) is not { } relative)
            {
                records.Add(record);
            }
            else if (lookup.Find(relative) is { } further && Addresses(alias, further, type, followed + 1) is { Count: > 0 } found)
            {
                records.AddRange([record, .. found]);
            }
        }

        return records;
    }

    private DnsAnswer Servers(string name)
    {
        var server = services.Find(ClusterDns.Namespace, ClusterDns.Name) is null ? $"{ServerName}.{Domain}" : ZoneLookup.NameOf(ClusterDns.Namespace, ClusterDns.Name);
        return Found([ZoneRecords.Record(name, DnsType.NS, server)]) with
        {
            Additional = ServerAddress() is { } address ? [ZoneRecords.Address(server, address)] : [],
        };
    }

    private Ipv4Address? ServerAddress() =>
        services.Find(ClusterDns.Namespace, ClusterDns.Name) is { } service && Ipv4Address.TryParse(service.Spec.ClusterIP, out var address) ? address : null;

    private DnsAnswer Nothing(bool exists) => new(exists, []) { IsAuthoritative = true, Authority = [Authority()] };

    private DnsRecord Authority() => ZoneRecords.Record(
        Domain,
        DnsType.SOA,
        string.Create(CultureInfo.InvariantCulture, $"{ServerName}.{Domain} hostmaster.{Domain} {(uint)services.Version} 7200 1800 86400 {TimeToLive}"));
}
