using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Tests.Servers;

/// <summary>httpd, as a real one of 2.4 answers.</summary>
public sealed class HttpdTests
{
    private const string Doctype = "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n";

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: h", "HTTP/1.1 200 OK|Server: Apache/2.4.62 (Unix)|Accept-Ranges: bytes|Content-Length: 45|Content-Type: text/html", "<html><body><h1>It works!</h1></body></html>\n")]
    [InlineData("HEAD / HTTP/1.1\r\nHost: h", "HTTP/1.1 200 OK|Server: Apache/2.4.62 (Unix)|Accept-Ranges: bytes|Content-Length: 45|Content-Type: text/html", "")]
    [InlineData("GET /missing HTTP/1.1\r\nHost: h", "HTTP/1.1 404 Not Found|Server: Apache/2.4.62 (Unix)|Content-Length: 196|Content-Type: text/html; charset=iso-8859-1", Doctype + "<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n")]
    [InlineData("GET /secret HTTP/1.1\r\nHost: h", "HTTP/1.1 403 Forbidden|Server: Apache/2.4.62 (Unix)|Content-Length: 199|Content-Type: text/html; charset=iso-8859-1", Doctype + "<html><head>\n<title>403 Forbidden</title>\n</head><body>\n<h1>Forbidden</h1>\n<p>You don't have permission to access this resource.</p>\n</body></html>\n")]
    [InlineData("GET /.htaccess HTTP/1.1\r\nHost: h", "HTTP/1.1 403 Forbidden", null)]
    [InlineData("GET /locked/ HTTP/1.1\r\nHost: h", "HTTP/1.1 403 Forbidden", null)]
    [InlineData("GET /dir HTTP/1.1\r\nHost: h:81", "HTTP/1.1 301 Moved Permanently|Server: Apache/2.4.62 (Unix)|Location: http://h:81/dir/", null)]
    [InlineData("GET /a.txt HTTP/1.1\r\nHost: h", "HTTP/1.1 200 OK|Server: Apache/2.4.62 (Unix)|Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT|ETag: \"6-60dd710212000\"|Accept-Ranges: bytes|Content-Length: 6|Content-Type: text/plain", "hello\n")]
    [InlineData("GET /a.txt HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2", "HTTP/1.1 206 Partial Content|Server: Apache/2.4.62 (Unix)|Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT|ETag: \"6-60dd710212000\"|Accept-Ranges: bytes|Content-Range: bytes 1-2/6|Content-Length: 2|Content-Type: text/plain", "el")]
    [InlineData("GET /a.txt HTTP/1.1\r\nHost: h\r\nIf-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT", "HTTP/1.1 304 Not Modified|Server: Apache/2.4.62 (Unix)|Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT|ETag: \"6-60dd710212000\"|Accept-Ranges: bytes", "")]
    [InlineData("PUT /a.txt HTTP/1.1\r\nHost: h\r\nContent-Length: 0", "HTTP/1.1 405 Method Not Allowed|Server: Apache/2.4.62 (Unix)|Allow: OPTIONS,HEAD,GET,POST,TRACE", null)]
    [InlineData("FOO /a.txt HTTP/1.1\r\nHost: h", "HTTP/1.1 501 Not Implemented|Server: Apache/2.4.62 (Unix)|Allow: OPTIONS,HEAD,GET,POST,TRACE|Content-Length: 202|Connection: close|Content-Type: text/html; charset=iso-8859-1", null)]
    [InlineData("GET /a.txt HTTP/1.1", "HTTP/1.1 400 Bad Request|Server: Apache/2.4.62 (Unix)|Content-Length: 226|Connection: close|Content-Type: text/html; charset=iso-8859-1", null)]
    [InlineData("GET /../x HTTP/1.1\r\nHost: h", "HTTP/1.1 400 Bad Request", null)]
    [InlineData("GET /a.txt HTTP/1.0", "HTTP/1.1 200 OK|Server: Apache/2.4.62 (Unix)|Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT|ETag: \"6-60dd710212000\"|Accept-Ranges: bytes|Content-Length: 6|Connection: close|Content-Type: text/plain", "hello\n")]
    public async Task It_answers_as_the_real_one(string request, string head, string? body)
    {
        var pods = new PodsTogether();
        var pod = await pods.StartAsync("web-0", "httpd:2.4");
        await pod.ShellAsync("cd htdocs && mkdir dir locked && chmod 700 locked && echo hello > a.txt && touch -d '2024-01-01 00:00:00' a.txt && echo s > secret && chmod 600 secret");
        var (text, _) = await pods.ExchangeAsync(pod, 80, request + "\r\n\r\n", endsWriting: true);
        var parts = text.Split("\r\n\r\n", 2);
        var expected = head.Split('|');
        var names = expected.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(expected, parts[0].Split("\r\n").Where(line => names.Contains(NameOf(line))));
        if (body is not null)
        {
            Assert.Equal(body, parts[1]);
        }
    }

    [Fact]
    public async Task It_lists_directories_notes_requests_and_ends_when_told()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var pods = new PodsTogether(clock: clock);
        var pod = await pods.StartAsync("web-0", "httpd");
        Assert.Contains("AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using 10.244.0.2. Set the 'ServerName' directive globally to suppress this message\n", pod.Errors, StringComparison.Ordinal);
        await pods.UntilAsync(() => pod.Errors.EndsWith("[Thu Jan 02 03:04:05.000000 2025] [core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd -DFOREGROUND'\n", StringComparison.Ordinal));
        await pod.ShellAsync("mkdir htdocs/d; touch htdocs/d/f");
        Assert.Contains("<li><a href=\"f\"> f</a></li>\n</ul>\n", (await pod.ShellAsync("curl -s localhost/d/")).Output, StringComparison.Ordinal);
        Assert.EndsWith("127.0.0.1 - - [02/Jan/2025:03:04:05 +0000] \"GET /d/ HTTP/1.1\" 200 234\n", pod.Output, StringComparison.Ordinal);
        Assert.Equal("httpd -DFOREGROUND\nhttpd -DFOREGROUND\n", (await pod.ShellAsync("ps -o args | grep ^httpd")).Output);
        Assert.Equal("Syntax OK\n", (await pod.ShellAsync("httpd -t")).Errors);
        await pod.SignalAsync(Signals.WindowChange);
        Assert.Equal(0, await pod.End.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.EndsWith("AH00492: caught SIGWINCH, shutting down gracefully\n", pod.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_configuration_says_where_it_listens_and_what_it_serves()
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", "httpd");
        await pod.ShellAsync("mkdir /data; echo there > /data/home.html; sed -i 's/^Listen 80/Listen 8080/; s#\"/usr/local/apache2/htdocs\"#\"/data\"#; s/index.html/home.html/; s/Options Indexes/Options/' /usr/local/apache2/conf/httpd.conf");
        await pod.StartAsync();
        Assert.Equal("there\n", (await pod.ShellAsync("curl -s localhost:8080")).Output);
        Assert.Equal("403", (await pod.ShellAsync("mkdir /data/d; curl -s -o /dev/null -w '%{http_code}' localhost:8080/d/")).Output);
    }

    [Fact]
    public async Task A_taken_port_ends_it()
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", "httpd");
        using var taken = await pods.RunAsync(() => Task.FromResult(pod.Container.Network.Listen(80)));
        await pod.StartAsync(waits: false);
        Assert.Equal(1, await pod.End.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.EndsWith("(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n", pod.Errors, StringComparison.Ordinal);
    }

    private static string NameOf(string line) => line.StartsWith("HTTP/", StringComparison.Ordinal) ? "" : line.Split(':')[0];
}
