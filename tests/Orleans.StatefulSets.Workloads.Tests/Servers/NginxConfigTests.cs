namespace Orleans.StatefulSets.Workloads.Tests.Servers;

/// <summary>Configurations good and bad, as <c>nginx -t</c> of a real one judges them.</summary>
public sealed class NginxConfigTests
{
    private const string Ok = "nginx: the configuration file /c syntax is ok\nnginx: configuration file /c test is successful\n";

    [Theory]
    [InlineData("events {} http { server { foo bar; } }", "unknown directive \"foo\" in /c:1")]
    [InlineData("events {} http { server { listen 80 } }", "unexpected \"}\" in /c:1")]
    [InlineData("events {} http { server { listen 80; ", "unexpected end of file, expecting \"}\" in /c:1")]
    [InlineData("events {} http { server { listen 80; } } }", "unexpected \"}\" in /c:1")]
    [InlineData("events {} http { server { listen abc:xx; } }", "invalid port in \"abc:xx\" of the \"listen\" directive in /c:1")]
    [InlineData("events {} http { server { listen 99999; } }", "invalid port in \"99999\" of the \"listen\" directive in /c:1")]
    [InlineData("events {} http { server { location / { root; } } }", "invalid number of arguments in \"root\" directive in /c:1")]
    [InlineData("events {} http { server { location / { root a b; } } }", "invalid number of arguments in \"root\" directive in /c:1")]
    [InlineData("http { }", "no \"events\" section in configuration")]
    [InlineData("events {} server { }", "\"server\" directive is not allowed here in /c:1")]
    [InlineData("events {} http { include /nope.conf; }", "open() \"/nope.conf\" failed (2: No such file or directory) in /c:1")]
    [InlineData("events {} http { server { location / { proxy_pass http://nosuch.invalid/; } } }", "host not found in upstream \"nosuch.invalid\" in /c:1")]
    [InlineData("events {} http { server { location / { proxy_pass foo; } } }", "invalid URL prefix in /c:1")]
    [InlineData("events {} http { server { location / { return 200 $nope; } } }", "unknown \"nope\" variable")]
    [InlineData("events {} http { server { location / { return abc def; } } }", "invalid return code \"abc\" in /c:1")]
    [InlineData("events {} http { server { location / { } location / { } } }", "duplicate location \"/\" in /c:1")]
    [InlineData("events {} http { server { location ~ ( { } } }", "pcre2_compile() failed: missing closing parenthesis in \"(\" in /c:1")]
    [InlineData("events {} http { server { root a; root b; } }", "\"root\" directive is duplicate in /c:1")]
    [InlineData("events {} http { server { autoindex maybe; } }", "invalid value \"maybe\" in \"autoindex\" directive, it must be \"on\" or \"off\" in /c:1")]
    [InlineData("events {} http { server { location / { try_files $uri; } } }", "invalid number of arguments in \"try_files\" directive in /c:1")]
    [InlineData("events {} http { server { location / { error_page 99 /x; } } }", "value \"99\" must be between 300 and 599 in /c:1")]
    [InlineData("user nosuchuser; events {} http { }", "getpwnam(\"nosuchuser\") failed in /c:1")]
    [InlineData("events {} http { server { index \"a; } }", "unexpected end of file, expecting \";\" or \"}\" in /c:1")]
    [InlineData("events {} http { server { location / { alias a; root b; } } }", "\"root\" directive is duplicate, \"alias\" directive was specified earlier in /c:1")]
    [InlineData("events {} http { server { listen 80; listen 80; } }", "a duplicate listen 0.0.0.0:80 in /c:1")]
    [InlineData("events {} http { server { listen 80 default_server; } server { listen 80 default_server; } }", "a duplicate default server for 0.0.0.0:80 in /c:1")]
    [InlineData("events {} http { client_max_body_size xx; }", "\"client_max_body_size\" directive invalid value in /c:1")]
    [InlineData("{", "unexpected \"{\" in /c:1")]
    [InlineData("events {} http { log_format main x; access_log /tmp/z nofmt; }", "unknown log format \"nofmt\" in /c:1")]
    [InlineData("# a\nevents {}\nhttp {\n  server {\n    foo;\n  }\n}", "unknown directive \"foo\" in /c:5")]
    [InlineData("events {} http { server; }", "directive \"server\" has no opening \"{\" in /c:1")]
    [InlineData("events {} http { keepalive_timeout 65 { } }", "directive \"keepalive_timeout\" is not terminated by \";\" in /c:1")]
    public async Task A_configuration_with_a_fault_says_which(string text, string message)
    {
        var outcome = await TestAsync(text);
        Assert.Equal(1, outcome.Status);
        Assert.EndsWith($"nginx: [emerg] {message}\nnginx: configuration file /c test failed\n", outcome.Errors.Replace("nginx: the configuration file /c syntax is ok\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("events {} http { include /nope*.conf; }")]
    [InlineData("events {} http { upstream b { server 127.0.0.1:1 weight=5; keepalive 4; } server { location / { proxy_pass http://b; } } }")]
    [InlineData("worker_rlimit_nofile 4096; events { use epoll; multi_accept on; } http { sendfile on; tcp_nopush on; gzip on; gzip_types text/css; server { listen [::]:80; listen 81 http2; server_tokens off; } }")]
    [InlineData("events {} http { server { location / { if ($http_user_agent ~* (bot|spider)) { return 403; } if (-f $request_filename) { break; } if ($arg_x) { set $y 1; } } } }")]
    [InlineData("events {} http { map $uri $to { default \"\"; /a /b; ~^/c/(.*)$ /d/$1; } server { location = /a { return 301 $to; } location ~ \"^/x{2}$\" { return 204; } } }")]
    [InlineData("events {} http { log_format j escape=json '{\"a\":\"$request\"}' '\\n'; access_log /dev/stdout j; server { access_log off; error_log /dev/stderr warn; } }")]
    public async Task A_configuration_as_people_write_it_is_taken(string text)
    {
        var outcome = await TestAsync(text);
        Assert.Equal((Ok, 0), (outcome.Errors, outcome.Status));
    }

    [Fact]
    public async Task What_is_real_but_does_nothing_here_is_said() => Assert.Equal(
        "nginx: [warn] \"limit_req_zone\" is not emulated, ignored in /c:1\n",
        (await TestAsync("events {} http { limit_req_zone $binary_remote_addr zone=a:10m rate=1r/s; limit_req_zone $binary_remote_addr zone=b:10m rate=1r/s; }")).Errors.Replace(Ok, "", StringComparison.Ordinal));

    [Theory]
    [InlineData("-v", "nginx version: nginx/1.27.5\n", 0)]
    [InlineData("-x", "nginx: invalid option: \"x\"\n", 1)]
    [InlineData("-s foo", "nginx: invalid option: \"-s foo\"\n", 1)]
    [InlineData("-c", "nginx: option \"-c\" requires file name\n", 1)]
    [InlineData("foo", "nginx: invalid option: \"foo\"\n", 1)]
    [InlineData("-tq", "", 0)]
    [InlineData("-t", "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n", 0)]
    public async Task The_command_line_is_nginxs(string arguments, string errors, int status)
    {
        var outcome = await new PodsTogether().Add("web-0", "nginx").ShellAsync($"nginx {arguments}");
        Assert.Equal((errors, status), (outcome.Errors, outcome.Status));
    }

    private static async Task<Outcome> TestAsync(string text)
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", "nginx");
        await pods.WriteAsync(pod, "/c", text);

        // The error log is standard error in this image: what it says is left out here.
        return await pod.ShellAsync("ln -sf /dev/null /var/log/nginx/error.log; nginx -t -c /c");
    }
}
