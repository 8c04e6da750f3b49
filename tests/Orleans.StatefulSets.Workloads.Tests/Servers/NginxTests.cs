using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Images;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Tests.Servers;

/// <summary>nginx as a container has it: its pages, its users, its logs, its processes, its signals.</summary>
public sealed class NginxTests
{
    [Theory]
    [InlineData("nginx", "nginx/1.27.5", 615)]
    [InlineData("nginx:1.25", "nginx/1.25.5", 615)]
    [InlineData("nginx:1.14.2", "nginx/1.14.2", 612)]
    [InlineData("nginx:1.29-alpine", "nginx/1.29.1", 615)]
    [InlineData("docker.io/library/nginx:1.27.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "nginx/1.27.0", 615)]
    [InlineData("k8s.gcr.io/nginx-slim:0.8", "nginx/1.11.1", 612)]
    [InlineData("registry.k8s.io/nginx-slim:0.24", "nginx/1.27.5", 615)]
    [InlineData("example.com/team/my-nginx:dev", "nginx/1.27.5", 615)]
    public async Task The_welcome_page_comes_from_the_version_that_the_tag_names(string image, string server, int length)
    {
        var pods = new PodsTogether();
        await pods.StartAsync("web-0", image);
        var client = pods.Add("client", "busybox");
        var head = await client.ShellAsync("curl -sI http://web-0/");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head.Output, StringComparison.Ordinal);
        Assert.Contains($"\r\nServer: {server}\r\n", head.Output, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/html\r\n", head.Output, StringComparison.Ordinal);
        Assert.Equal($"{length}\n<h1>Welcome to nginx!</h1>\n", (await client.ShellAsync("wget -qO- web-0 | wc -c; curl -s web-0 | grep h1")).Output);
    }

    [Fact]
    public async Task What_a_volume_holds_is_served_and_its_mode_decides()
    {
        var pods = new PodsTogether();
        var volume = new MemoryTree(1 << 20, TimeProvider.System);
        var pod = pods.Add("web-0", "k8s.gcr.io/nginx-slim:0.8", volume: volume, mountPath: "/usr/share/nginx/html");
        await pod.StartAsync();
        var client = pods.Add("client", "busybox");
        const string ask = "curl -s -o /dev/null -w '%{http_code}' http://web-0/";

        // "403 Forbidden … you need to fix the permissions of the directories mounted by the volumeMounts with chmod 755."
        Assert.Equal("403", (await client.ShellAsync(ask)).Output);
        await pod.ShellAsync("echo $(hostname) > /usr/share/nginx/html/index.html; hostname web-0; cat /etc/hostname");
        Assert.Equal("200", (await client.ShellAsync(ask)).Output);
        await pod.ShellAsync("chmod 700 /usr/share/nginx/html");
        Assert.Equal("403", (await client.ShellAsync(ask)).Output);
        await pod.ShellAsync("chmod 755 /usr/share/nginx/html");
        Assert.Equal("web-0\n", (await client.ShellAsync("curl -s http://web-0/")).Output);
        await pod.ShellAsync("chmod 600 /usr/share/nginx/html/index.html");
        Assert.Equal("403", (await client.ShellAsync(ask)).Output);
        await pod.ShellAsync("chown nginx /usr/share/nginx/html/index.html");
        Assert.Equal("200", (await client.ShellAsync(ask)).Output);
        await pod.ShellAsync("mv /usr/share/nginx/html/index.html /tmp/");
        Assert.Equal("403", (await client.ShellAsync(ask)).Output);
        Assert.Equal("404", (await client.ShellAsync("curl -s -o /dev/null -w '%{http_code}' http://web-0/index.html")).Output);
    }

    [Fact]
    public async Task Requests_and_errors_are_what_the_container_says()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var pods = new PodsTogether(clock: clock);
        var pod = await pods.StartAsync("web-0", "nginx:1.25");
        Assert.Equal(
            """
            /docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration
            /docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/
            /docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh
            10-listen-on-ipv6-by-default.sh: info: ipv6 not available
            /docker-entrypoint.sh: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh
            /docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh
            /docker-entrypoint.sh: Launching /docker-entrypoint.d/30-tune-worker-processes.sh
            /docker-entrypoint.sh: Configuration complete; ready for start up

            """,
            pod.Output);
        await pods.UntilAsync(() => pod.Errors.Contains("start worker process ", StringComparison.Ordinal));
        Assert.Contains("2025/01/02 03:04:05 [notice] 1#1: using the \"epoll\" event method\n2025/01/02 03:04:05 [notice] 1#1: nginx/1.25.5\n", pod.Errors, StringComparison.Ordinal);

        var client = pods.Add("client", "busybox");
        await client.ShellAsync("curl -s web-0; curl -s -u me:x -H 'User-Agent: an \"agent\"' -H 'Referer: http://from' -H 'X-Forwarded-For: 1.2.3.4' web-0/missing");
        var lines = pod.Output.Split('\n');
        Assert.Contains("10.244.0.3 - - [02/Jan/2025:03:04:05 +0000] \"GET / HTTP/1.1\" 200 615 \"-\" \"curl/8.5.0\" \"-\"", lines);
        Assert.Contains("10.244.0.3 - me [02/Jan/2025:03:04:05 +0000] \"GET /missing HTTP/1.1\" 404 153 \"http://from\" \"an \\x22agent\\x22\" \"1.2.3.4\"", lines);
        Assert.Contains(
            "*2 open() \"/usr/share/nginx/html/missing\" failed (2: No such file or directory), client: 10.244.0.3, server: localhost, request: \"GET /missing HTTP/1.1\", host: \"web-0\", referrer: \"http://from\"\n",
            pod.Errors,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nginx:1.18")]
    [InlineData("k8s.gcr.io/nginx-slim:0.8")]
    public async Task Images_from_before_the_entrypoint_say_nothing_at_their_start(string image)
    {
        var pods = new PodsTogether();
        var pod = await pods.StartAsync("web-0", image);
        Assert.Equal(("", ""), (pod.Output, pod.Errors));
    }

    [Fact]
    public async Task A_master_of_root_has_a_worker_of_nginx_and_replaces_one_that_is_killed()
    {
        var pods = new PodsTogether();
        var pod = await pods.StartAsync("web-0", "nginx");
        await pods.UntilAsync(() => pod.Count.Current == 2);
        var worker = (await pod.ShellAsync("ps | grep 'worker process' | grep -v grep")).Output;
        Assert.Matches("^ *[0-9]+ nginx     0:00 nginx: worker process\n$", worker);
        Assert.Equal("    1 root      0:00 nginx: master process nginx -g daemon off;\n", (await pod.ShellAsync("ps | grep master | grep -v grep")).Output);
        Assert.Equal("1", (await pod.ShellAsync("cat /var/run/nginx.pid")).Output.Trim());

        var number = worker.Trim().Split(' ')[0];
        await pod.ShellAsync($"kill -9 {number}");
        await pods.UntilAsync(() => pod.Errors.Contains($"worker process {number} exited on signal 9", StringComparison.Ordinal) && pod.Count.Current == 2);
        Assert.Equal("200", (await pod.ShellAsync("curl -s -o /dev/null -w '%{http_code}' localhost")).Output);
    }

    [Fact]
    public async Task Reload_takes_another_configuration_and_keeps_the_old_one_where_the_new_is_none()
    {
        var pods = new PodsTogether();
        var pod = await pods.StartAsync("web-0", "nginx");
        await pod.ShellAsync("echo 'server { listen 8080; return 200 \"new $hostname\\n\"; }' > /etc/nginx/conf.d/default.conf; nginx -s reload");
        await pods.UntilAsync(() => pods.Network.Listens(pod.Address, 8080) && !pods.Network.Listens(pod.Address, 80));
        Assert.Equal("new web-0\n", (await pod.ShellAsync("curl -s localhost:8080")).Output);
        await pods.UntilAsync(() => pod.Count.Current == 2);

        var refused = await pod.ShellAsync("echo 'server { listen 81 }' > /etc/nginx/conf.d/default.conf; nginx -s reload");
        Assert.Equal(1, refused.Status);
        Assert.Contains("nginx: [emerg] unexpected \"}\" in /etc/nginx/conf.d/default.conf:1\n", refused.Errors, StringComparison.Ordinal);
        await pod.SignalAsync(Signals.Hangup);
        await pods.UntilAsync(() => pod.Errors.Contains("[emerg] 1#1: unexpected \"}\" in /etc/nginx/conf.d/default.conf:1", StringComparison.Ordinal));
        Assert.Equal("new web-0\n", (await pod.ShellAsync("curl -s localhost:8080")).Output);
    }

    [Theory]
    [InlineData(Signals.Terminate)]
    [InlineData(Signals.Interrupt)]
    [InlineData(Signals.Quit)]
    public async Task It_ends_well_when_it_is_told_to(int signal)
    {
        var pods = new PodsTogether();
        var pod = await pods.StartAsync("web-0", "nginx");
        await pod.SignalAsync(signal);
        Assert.Equal(0, await pod.End.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.False(await pods.RunAsync(() => Task.FromResult(pods.Network.ListensAny(pod.Address))));
        Assert.Equal(0, pod.Count.Current);
        Assert.Contains("[notice] 1#1: exit\n", pod.Errors, StringComparison.Ordinal);
        Assert.Equal("", (await pod.ShellAsync("ls /var/run")).Output);
    }

    [Fact]
    public async Task Quit_lets_a_client_finish_and_term_does_not()
    {
        foreach (var (signal, answer) in new[] { (Signals.Quit, true), (Signals.Terminate, false) })
        {
            var pods = new PodsTogether();
            var pod = pods.Add("web-0", "nginx");
            await pod.ShellAsync("echo 'server { listen 80; location / { proxy_pass http://127.0.0.1:81; } } server { listen 81; return 200 \"$content_length\\n\"; }' > /etc/nginx/conf.d/default.conf");
            await pod.StartAsync();
            var exchange = pods.ExchangeAsync(pod, 80, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na");
            await pods.UntilAsync(() => pod.Table.Running.Any(process => process.Files.Numbers.Count >= 5));
            await pod.SignalAsync(signal);
            if (answer)
            {
                await pods.UntilAsync(() => pod.Errors.Contains("SIGQUIT", StringComparison.Ordinal) && !pods.Network.ListensAny(pod.Address));
                Assert.False(pod.End.IsCompleted);
                await pods.RunAsync(async () =>
                {
                    await pods.Network.LastClient!.WriteAsync("bc"u8.ToArray(), CancellationToken.None);
                    return true;
                });
            }

            Assert.Equal(answer, (await exchange).Text.StartsWith("HTTP/1.1 200 OK", StringComparison.Ordinal));
            Assert.Equal(0, await pod.End.WaitAsync(TimeSpan.FromSeconds(20)));
        }
    }

    [Fact]
    public async Task A_taken_port_ends_it_after_five_tries()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var pods = new PodsTogether(clock: clock);
        var pod = pods.Add("web-0", "nginx:1.18");
        using var taken = await pods.RunAsync(() => Task.FromResult(pod.Container.Network.Listen(80)));
        await pod.StartAsync(waits: false);
        await pods.UntilAsync(() => pod.End.IsCompleted, TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, await pod.End);
        Assert.Equal(5, pod.Errors.Split("nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)\n").Length - 1);
        Assert.EndsWith("nginx: [emerg] still could not bind()\n", pod.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_daemon_off_it_goes_on_in_the_background()
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", "nginx");
        await pod.StartAsync(["sh", "-c", "nginx; echo started $?; trap 'exit 7' TERM; sleep 100000 & wait"]);
        await pods.UntilAsync(() => pod.Output.Contains("started 0\n", StringComparison.Ordinal));
        Assert.Equal("200", (await pod.ShellAsync("curl -s -o /dev/null -w '%{http_code}' localhost")).Output);
        Assert.Equal(0, (await pod.ShellAsync("nginx -s stop")).Status);
        await pods.UntilAsync(() => !pods.Network.ListensAny(pod.Address));
        Assert.Equal(0, (await pod.ShellAsync("while test -e /var/run/nginx.pid; do :; done")).Status);
        var again = await pod.ShellAsync("nginx -s stop");
        Assert.Equal(1, again.Status);
        Assert.Contains("nginx: [error] open() \"/var/run/nginx.pid\" failed (2: No such file or directory)\n", again.Errors, StringComparison.Ordinal);
        await pod.SignalAsync(Signals.Kill);
    }

    [Fact]
    public async Task Who_is_not_root_may_not_run_the_ordinary_image_but_the_unprivileged_one()
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", "nginx");
        await pod.StartAsync(user: new Credentials(1000, 1000, []));
        Assert.Equal(1, await pod.End);
        Assert.Contains("nginx: [warn] the \"user\" directive makes sense only if the master process runs with super-user privileges, ignored in /etc/nginx/nginx.conf:2\n", pod.Errors, StringComparison.Ordinal);
        Assert.Contains("nginx: [emerg] mkdir() \"/var/cache/nginx/client_temp\" failed (13: Permission denied)\n", pod.Errors, StringComparison.Ordinal);

        await pods.StartAsync("web-1", "nginxinc/nginx-unprivileged:1.27");
        Assert.Equal("200", (await pods.Add("client", "busybox").ShellAsync("curl -s -o /dev/null -w '%{http_code}' web-1:8080")).Output);
    }

    [Fact]
    public async Task A_root_that_is_read_only_lets_it_not_start_unless_what_it_writes_to_is_mounted()
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", "nginx", readOnlyRoot: true);
        await pod.StartAsync();
        Assert.Equal(1, await pod.End);
        Assert.EndsWith("nginx: [emerg] mkdir() \"/var/cache/nginx/client_temp\" failed (30: Read-only file system)\n", pod.Errors, StringComparison.Ordinal);

        pod = pods.Add("web-1", "nginx", volume: new MemoryTree(1 << 20, TimeProvider.System), mountPath: "/var/cache/nginx", readOnlyRoot: true);
        await pod.StartAsync();
        Assert.Equal(1, await pod.End);
        Assert.EndsWith("nginx: [emerg] open() \"/var/run/nginx.pid\" failed (30: Read-only file system)\n", pod.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Templates_are_filled_and_ones_own_scripts_run_before_it()
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", "nginx:1.27");
        await pod.ShellAsync(
            """
            mkdir -p /etc/nginx/templates
            echo 'server { listen ${PORT}; location / { return 200 "${GREETING} $uri\n"; } }' > /etc/nginx/templates/default.conf.template
            printf '#!/bin/sh\necho mine\n' > /docker-entrypoint.d/40-mine.sh; chmod +x /docker-entrypoint.d/40-mine.sh
            echo text > /docker-entrypoint.d/readme.txt
            """);
        await pod.StartAsync(environment: variables => (variables["PORT"], variables["GREETING"]) = ("8081", "hi"));
        Assert.Contains("20-envsubst-on-templates.sh: Running envsubst on /etc/nginx/templates/default.conf.template to /etc/nginx/conf.d/default.conf\n", pod.Output, StringComparison.Ordinal);
        Assert.Contains("/docker-entrypoint.sh: Launching /docker-entrypoint.d/40-mine.sh\nmine\n/docker-entrypoint.sh: Ignoring /docker-entrypoint.d/readme.txt\n", pod.Output, StringComparison.Ordinal);
        Assert.Equal("hi /x\n", (await pod.ShellAsync("curl -s localhost:8081/x")).Output);
    }

    [Fact]
    public async Task It_hands_requests_on_to_other_pods_by_their_names()
    {
        var pods = new PodsTogether();
        await pods.StartAsync("api-0", "traefik/whoami");
        var pod = pods.Add("web-0", "nginx");
        await pod.ShellAsync("echo 'server { listen 80; location /api/ { proxy_pass http://api-0/; proxy_set_header X-Real-IP $remote_addr; } }' > /etc/nginx/conf.d/default.conf");
        await pod.StartAsync();
        var client = pods.Add("client", "busybox");
        var answer = (await client.ShellAsync("curl -s 'web-0/api/who?x=1'")).Output;
        Assert.Contains("Hostname: api-0\n", answer, StringComparison.Ordinal);
        Assert.Contains("GET /who?x=1 HTTP/1.0\r\nHost: api-0\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("X-Real-Ip: ", answer.Replace("X-Real-IP", "X-Real-Ip", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_go_to_a_volume_where_one_is_mounted_for_them()
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", "nginx", volume: new MemoryTree(1 << 20, TimeProvider.System), mountPath: "/var/log/nginx");
        await pod.StartAsync();
        await pod.ShellAsync("curl -s localhost/missing; mv /var/log/nginx/access.log /var/log/nginx/old.log; nginx -s reopen");
        while ((await pod.ShellAsync("curl -s localhost/other; grep -c 'GET /other' /var/log/nginx/access.log")).Status != 0)
        {
            // The signal has not come to the master yet.
        }

        Assert.Equal("1\n", (await pod.ShellAsync("grep -c 'GET /missing' /var/log/nginx/old.log")).Output);
        Assert.DoesNotContain("GET", pod.Output, StringComparison.Ordinal);
        Assert.Contains("open() \"/usr/share/nginx/html/missing\" failed", (await pod.ShellAsync("cat /var/log/nginx/error.log")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_official_image_is_started_as_the_real_one()
    {
        var catalog = ImageCatalog.Default;
        var image = catalog.Find(new k8s.Models.V1Container { Image = "nginx:1.25" });
        Assert.Equal(["/docker-entrypoint.sh"], image.Entrypoint);
        Assert.Equal(["nginx", "-g", "daemon off;"], image.Command);
        Assert.Equal("1.25.5", image.Environment["NGINX_VERSION"]);
        Assert.Equal(Signals.Quit, image.StopSignal);
        Assert.True(image.RunsWhenAsked);
        var slim = catalog.Find(new k8s.Models.V1Container { Image = "k8s.gcr.io/nginx-slim:0.8" });
        Assert.Equal([], slim.Entrypoint);
        Assert.Equal(["nginx", "-g", "daemon off;"], slim.Command);
    }
}
