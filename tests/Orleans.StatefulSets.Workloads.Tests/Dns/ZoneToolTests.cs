using System.Net;
using Orleans.StatefulSets.Workloads.Dns;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Tests.Dns;

/// <summary>What the tools of a container print about the cluster of <c>Golden/cluster.yaml</c>.</summary>
public sealed class ZoneToolTests
{
    private const string Server = "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n";

    [Theory]
    [InlineData("nslookup web-0.nginx", Server + "Name:      web-0.nginx\nAddress 1: 10.244.1.6 web-0.nginx.default.svc.cluster.local\n", 0)]
    [InlineData("nslookup web-1.nginx", Server + "Name:      web-1.nginx\nAddress 1: 10.244.2.6 web-1.nginx.default.svc.cluster.local\n", 0)]
    [InlineData("nslookup nginx", Server + "Name:      nginx\nAddress 1: 10.244.1.6 web-0.nginx.default.svc.cluster.local\nAddress 2: 10.244.2.6 web-1.nginx.default.svc.cluster.local\n", 0)]
    [InlineData("nslookup kubernetes.default", Server + "Name:      kubernetes.default\nAddress 1: 10.96.0.1 kubernetes.default.svc.cluster.local\n", 0)]
    [InlineData("nslookup db.prod kube-dns.kube-system", "Server:    kube-dns.kube-system\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\nName:      db.prod\nAddress 1: 10.97.1.2 db.prod.svc.cluster.local\n", 0)]
    [InlineData("nslookup 10-244-3-2.default.pod", Server + "Name:      10-244-3-2.default.pod\nAddress 1: 10.244.3.2 10-244-3-2.many.default.svc.cluster.local\n", 0)]
    [InlineData("nslookup dns-test", Server + "Name:      dns-test\nAddress 1: 10.244.1.9 dns-test\n", 0)]
    [InlineData("nslookup web-2.nginx 2>&1", Server + "nslookup: can't resolve 'web-2.nginx'\n", 1)]
    [InlineData("dig +short +search web-0.nginx", "10.244.1.6\n", 0)]
    [InlineData("dig +short SRV _web._tcp.nginx.default.svc.cluster.local", "0 50 80 web-0.nginx.default.svc.cluster.local.\n0 50 80 web-1.nginx.default.svc.cluster.local.\n", 0)]
    [InlineData("dig +short TXT dns-version.cluster.local", "\"1.1.0\"\n", 0)]
    [InlineData("dig +short SOA cluster.local", "ns.dns.cluster.local. hostmaster.cluster.local. 42 7200 1800 86400 30\n", 0)]
    [InlineData("dig +short -x 10.96.0.10", "kube-dns.kube-system.svc.cluster.local.\n", 0)]
    [InlineData("dig AAAA kubernetes.default.svc.cluster.local | grep -E 'flags|SOA'", ";; flags: qr aa rd; QUERY: 1, ANSWER: 0, AUTHORITY: 1, ADDITIONAL: 0\ncluster.local.\t30\tIN\tSOA\tns.dns.cluster.local. hostmaster.cluster.local. 42 7200 1800 86400 30\n", 0)]
    [InlineData("dig SRV kubernetes.default.svc.cluster.local | grep -A1 ADDITIONAL.SECTION", ";; ADDITIONAL SECTION:\nkubernetes.default.svc.cluster.local.\t30\tIN\tA\t10.96.0.1\n", 0)]
    [InlineData("dig example.com | grep -oE 'status: [A-Z]*|flags: [a-z ]*'", "status: NXDOMAIN\nflags: qr rd\n", 0)]
    [InlineData("host db.prod", "db.prod.svc.cluster.local has address 10.97.1.2\n", 0)]
    [InlineData("host outside.prod", "outside.prod.svc.cluster.local is an alias for www.example.com.\n", 0)]
    [InlineData("host -t TXT dns-version.cluster.local", "dns-version.cluster.local descriptive text \"1.1.0\"\n", 0)]
    [InlineData("host -t NS cluster.local", "cluster.local name server kube-dns.kube-system.svc.cluster.local.\n", 0)]
    [InlineData("host 10.244.1.6", "6.1.244.10.in-addr.arpa domain name pointer web-0.nginx.default.svc.cluster.local.\n", 0)]
    [InlineData("host web-2.nginx", "Host web-2.nginx not found: 3(NXDOMAIN)\n", 1)]
    [InlineData("getent hosts web-1.nginx", "10.244.2.6        web-1.nginx.default.svc.cluster.local\n", 0)]
    [InlineData("getent hosts inside.prod", "10.97.1.2         db.prod.svc.cluster.local\n", 0)]
    [InlineData("getent hosts 10.244.1.9", "10.244.1.9        dns-test\n", 0)]
    [InlineData("getent hosts 10.96.0.1", "10.96.0.1         kubernetes.default.svc.cluster.local\n", 0)]
    [InlineData("getent hosts empty", "", 2)]
    public async Task A_tool_shows_what_the_zone_holds(string command, string output, int status)
    {
        var container = new EmulatedContainer(network: new ZoneNetwork());
        await container.ShellAsync("printf 'search default.svc.cluster.local svc.cluster.local cluster.local\\nnameserver 10.96.0.10\\noptions ndots:5\\n' > /etc/resolv.conf; printf '10.244.1.9\\tdns-test\\n' > /etc/hosts");

        var outcome = await container.ShellAsync(command);

        Assert.Equal((output, status), (outcome.Output, outcome.Status));
    }

    private sealed class ZoneNetwork : IPodNetwork
    {
        private readonly ClusterZone zone = new(NamedServices.Golden());

        public IPAddress? Address => IPAddress.Parse("10.244.1.9");

        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellation) => new(zone.Answer(question));

        public ValueTask<IOpenFile> ConnectAsync(IPEndPoint to, CancellationToken cancellation) => throw new FileException(Errno.ECONNREFUSED);

        public ValueTask<TimeSpan?> EchoAsync(IPAddress to, CancellationToken cancellation) => new((TimeSpan?)null);

        public IPodListener Listen(int port) => throw new FileException(Errno.EADDRINUSE);
    }
}
