using k8s.Models;

namespace Orleans.StatefulSets.Workloads.Dns;

/// <summary>What a pod's resolver is told (kubelet's <c>pkg/kubelet/network/dns/dns.go</c>).</summary>
/// <param name="Servers">Addresses of DNS servers, at most 3.</param>
/// <param name="Searches">Domains that are tried behind a name, at most 32 and 2,048 characters.</param>
/// <param name="Options">Options, <c>ndots:5</c>.</param>
public sealed record ResolverConfiguration(IReadOnlyList<string> Servers, IReadOnlyList<string> Searches, IReadOnlyList<string> Options)
{
    /// <summary>The server that a node asks itself: the control plane's machine, which knows no names of the cluster.</summary>
    public const string NodeServer = "192.168.49.1";

    private const int MostServers = 3;
    private const int MostSearches = 32;
    private const int MostSearchCharacters = 2048;
    private const int LongestDomain = 253;

    /// <summary>Whether the pod asks the cluster's DNS; with <c>dnsPolicy: Default</c> it does not.</summary>
    public bool Asks(string clusterDns) => Servers.Contains(clusterDns);

    /// <summary>The resolver of a pod.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="clusterDns">The address of the cluster's DNS.</param>
    public static ResolverConfiguration Of(V1Pod pod, string clusterDns)
    {
        var settings = pod.Spec.DnsPolicy switch
        {
            "None" => new ResolverConfiguration([], [], []),
            "Default" => OfNode(),
            "ClusterFirst" or null or "" when pod.Spec.HostNetwork == true => OfNode(),
            _ => OfCluster(pod.Metadata.NamespaceProperty, clusterDns),
        };
        return Limited(pod.Spec.DnsConfig is { } config ? settings.With(config) : settings);
    }

    /// <summary>The file /etc/resolv.conf, as containerd writes it; empty where nothing is said.</summary>
    public string ToText() =>
        (Searches.Count > 0 ? $"search {string.Join(' ', Searches)}\n" : "")
        + string.Concat(Servers.Select(server => $"nameserver {server}\n"))
        + (Options.Count > 0 ? $"options {string.Join(' ', Options)}\n" : "");

    private static ResolverConfiguration OfNode() => new([NodeServer], [], []);

    private static ResolverConfiguration OfCluster(string space, string clusterDns) =>
        new([clusterDns], [$"{space}.svc.{ClusterZone.Domain}", $"svc.{ClusterZone.Domain}", ClusterZone.Domain], ["ndots:5"]);

    // What the pod says is added to what its policy gives; an option that it repeats is replaced.
    private ResolverConfiguration With(V1PodDNSConfig config) => new(
        [.. Servers.Concat(config.Nameservers ?? []).Distinct()],
        [.. Searches.Concat(config.Searches ?? []).Distinct()],
        MergedOptions(config.Options ?? []));

    private List<string> MergedOptions(IList<V1PodDNSConfigOption> added)
    {
        var merged = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in Options)
        {
            var colon = option.IndexOf(':', StringComparison.Ordinal);
            merged[colon < 0 ? option : option[..colon]] = colon < 0 ? "" : option[(colon + 1)..];
        }

        foreach (var option in added)
        {
            merged[option.Name] = option.Value ?? "";
        }

        return [.. merged.Select(option => option.Value.Length == 0 ? option.Key : $"{option.Key}:{option.Value}")];
    }

    private static ResolverConfiguration Limited(ResolverConfiguration settings)
    {
        var searches = settings.Searches.Take(MostSearches).Where(search => search.Length <= LongestDomain).ToList();
        while (searches.Count > 0 && searches.Sum(search => search.Length + 1) - 1 > MostSearchCharacters)
        {
            searches.RemoveAt(searches.Count - 1);
        }

        return new ResolverConfiguration([.. settings.Servers.Take(MostServers)], searches, settings.Options);
    }
}
