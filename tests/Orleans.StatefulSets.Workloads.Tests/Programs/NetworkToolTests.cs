using System.Net;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Tests.Programs;

/// <summary>The network tools in a network of one answer.</summary>
public sealed class NetworkToolTests
{
    private const string Page = "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\nweb-0\n";

    [Theory]
    [InlineData(Page, "curl -s http://web-0.nginx/", "web-0\n", 0)]
    [InlineData(Page, "curl -s -o /dev/null -w '%{http_code} %{size_download}' web-0.nginx", "200 6", 0)]
    [InlineData(Page, "curl -sI web-0.nginx", "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n", 0)]
    [InlineData(Page, "curl -s nosuch", "", 6)]
    [InlineData(Page, "curl -s web-0.nginx:81", "", 7)]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno\n", "curl -sf web-0.nginx", "", 22)]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno\n", "curl -s web-0.nginx", "no\n", 0)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", "curl -s web-0.nginx", "abcde", 0)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "curl -s web-0.nginx", "short", 18)]
    [InlineData("", "curl -s web-0.nginx", "", 52)]
    [InlineData(Page, "curl -s -m 0.2 web-0.nginx:99", "", 28)]
    [InlineData(Page, "curl -s https://web-0.nginx", "", 35)]
    [InlineData(Page, "wget -qO- http://web-0.nginx/", "web-0\n", 0)]
    [InlineData(Page, "wget -q http://web-0.nginx/dir/f.txt; cat f.txt", "web-0\n", 0)]
    [InlineData(Page, "wget -q --spider web-0.nginx", "", 0)]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "wget -qO- web-0.nginx", "", 1)]
    [InlineData(Page, "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc web-0.nginx 80 | tail -n 1", "web-0\n", 0)]
    [InlineData(Page, "nc -z web-0.nginx 80", "", 0)]
    [InlineData(Page, "nc -z web-0.nginx 81", "", 1)]
    [InlineData(Page, "nslookup web-0.nginx", "Server:    10.0.0.10\nAddress 1: 10.0.0.10 kube-dns.kube-system.svc.cluster.local\n\nName:      web-0.nginx\nAddress 1: 10.244.1.6 web-0.nginx.default.svc.cluster.local\n", 0)]
    [InlineData(Page, "nslookup nosuch", "Server:    10.0.0.10\nAddress 1: 10.0.0.10 kube-dns.kube-system.svc.cluster.local\n\n", 1)]
    [InlineData(Page, "dig +short web-0.nginx.default.svc.cluster.local", "10.244.1.6\n", 0)]
    [InlineData(Page, "dig +short SRV nginx.default.svc.cluster.local", "0 100 80 web-0.nginx.default.svc.cluster.local.\n", 0)]
    [InlineData(Page, "dig +short -x 10.244.1.6 @10.0.0.10", "web-0.nginx.default.svc.cluster.local.\n", 0)]
    [InlineData(Page, "dig nosuch.local | grep -o 'status: [A-Z]*'", "status: NXDOMAIN\n", 0)]
    [InlineData(Page, "host web-0.nginx", "web-0.nginx.default.svc.cluster.local has address 10.244.1.6\n", 0)]
    [InlineData(Page, "getent hosts web-0.nginx", "10.244.1.6        web-0.nginx.default.svc.cluster.local\n", 0)]
    [InlineData(Page, "getent hosts nosuch", "", 2)]
    [InlineData(Page, "getent hosts localhost", "127.0.0.1         localhost\n", 0)]
    [InlineData(Page, "ping -c 1 web-0.nginx", "PING web-0.nginx (10.244.1.6): 56 data bytes\n64 bytes from 10.244.1.6: seq=0 ttl=64 time=0.050 ms\n\n--- web-0.nginx ping statistics ---\n1 packets transmitted, 1 packets received, 0% packet loss\nround-trip min/avg/max = 0.050/0.050/0.050 ms\n", 0)]
    [InlineData(Page, "ping -c 1 -W 0 10.9.9.9 | tail -n 1", "1 packets transmitted, 0 packets received, 100% packet loss\n", 0)]
    public async Task A_tool_answers_as_the_network_does(string response, string command, string output, int status)
    {
        var container = new EmulatedContainer(network: new OneServer(response));
        await container.ShellAsync("printf 'nameserver 10.0.0.10\\nsearch default.svc.cluster.local svc.cluster.local cluster.local\\noptions ndots:5\\n' > /etc/resolv.conf");
        var outcome = await container.ShellAsync(command);
        Assert.Equal((output, status), (outcome.Output, outcome.Status));
    }

    [Fact]
    public async Task Curl_sends_what_it_was_given_and_says_so()
    {
        var server = new OneServer(Page);
        var container = new EmulatedContainer(network: server);
        var outcome = await container.ShellAsync("curl -sv -X PUT -d a=b -d c -H 'X-One: 1' -u me:pass 'http://10.244.1.6/p?q=1'");
        Assert.Equal(
            "PUT /p?q=1 HTTP/1.1\r\nHost: 10.244.1.6\r\nAuthorization: Basic bWU6cGFzcw==\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\nX-One: 1\r\nContent-Length: 5\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na=b&c",
            server.Received);
        Assert.Contains("< HTTP/1.1 200 OK\n", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("> PUT /p?q=1 HTTP/1.1\n", outcome.Errors, StringComparison.Ordinal);
    }

    /// <summary>web-0 at 10.244.1.6: port 80 answers always the same, port 99 never, every other refuses.</summary>
    private sealed class OneServer(string response) : IPodNetwork
    {
        private const string Name = "web-0.nginx.default.svc.cluster.local";
        private readonly ByteSink received = new(100_000);

        public string Received => ByteText.FromBytes(received.Bytes);

        public IPAddress? Address => IPAddress.Parse("10.244.1.9");

        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellation) => new((question.Name, question.Type) switch
        {
            (Name, DnsType.A) => Answer(question, "10.244.1.6"),
            ("nginx.default.svc.cluster.local", DnsType.SRV) => Answer(question, $"0 100 80 {Name}"),
            ("6.1.244.10.in-addr.arpa", DnsType.PTR) => Answer(question, Name),
            ("10.0.0.10.in-addr.arpa", DnsType.PTR) => Answer(question, "kube-dns.kube-system.svc.cluster.local"),
            _ => new DnsAnswer(false, []),
        });

        public async ValueTask<IOpenFile> ConnectAsync(IPEndPoint to, CancellationToken cancellation)
        {
            if (to.Port == 99)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            }

            return to.Port == 80 && to.Address.ToString() == "10.244.1.6" ? new Connection(new ByteSource(ByteText.ToBytes(response)), received) : throw new FileException(Errno.ECONNREFUSED);
        }

        public ValueTask<TimeSpan?> EchoAsync(IPAddress to, CancellationToken cancellation) =>
            new(to.ToString() == "10.244.1.6" ? TimeSpan.FromMicroseconds(50) : null);

        public IPodListener Listen(int port) => throw new FileException(Errno.EADDRINUSE);

        private static DnsAnswer Answer(DnsQuestion question, string data) => new(true, [new DnsRecord(question.Name, question.Type, 30, data)]);
    }

    private sealed class Connection(ByteSource input, ByteSink output) : IOpenFile
    {
        public bool IsTerminal => false;

        public (IFileTree Tree, long Node)? File => null;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => input.ReadAsync(buffer, cancellation);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => output.WriteAsync(bytes, cancellation);

        public void Share()
        {
        }

        public ValueTask CloseAsync() => default;
    }
}
