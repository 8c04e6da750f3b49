using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Tests.Servers;

/// <summary>The servers of examples, and the one that stands in for all others.</summary>
public sealed class SmallServerTests
{
    [Theory]
    [InlineData("registry.k8s.io/e2e-test-images/agnhost:2.39", "netexec", "curl -s web-0:8080/hostname", "web-0")]
    [InlineData("registry.k8s.io/e2e-test-images/agnhost:2.39", "netexec", "curl -s 'web-0:8080/echo?msg=a+b%21'", "a b!")]
    [InlineData("registry.k8s.io/e2e-test-images/agnhost:2.39", "netexec", "curl -s -o /dev/null -w '%{http_code}' 'web-0:8080/echo?msg=x&code=503'", "503")]
    [InlineData("registry.k8s.io/e2e-test-images/agnhost:2.39", "netexec", "curl -s web-0:8080/clientip | cut -d: -f1", "10.244.0.3\n")]
    [InlineData("registry.k8s.io/e2e-test-images/agnhost:2.39", "netexec", "curl -s -o /dev/null -w '%{http_code}' web-0:8080/healthz", "200")]
    [InlineData("registry.k8s.io/e2e-test-images/agnhost:2.39", "netexec", "curl -s -o /dev/null -w '%{http_code}' web-0:8080/nope", "404")]
    [InlineData("registry.k8s.io/e2e-test-images/agnhost:2.39", "netexec", "curl -s -H 'X-A: b' 'web-0:8080/header?key=X-A'", "b")]
    [InlineData("registry.k8s.io/e2e-test-images/agnhost:2.39", "netexec --http-port=80", "curl -s web-0/hostName", "web-0")]
    [InlineData("registry.k8s.io/e2e-test-images/agnhost:2.39", "serve-hostname", "curl -s web-0:9376", "web-0")]
    [InlineData("registry.k8s.io/e2e-test-images/agnhost:2.39", "serve-hostname --port 80", "wget -qO- web-0", "web-0")]
    [InlineData("registry.k8s.io/e2e-test-images/agnhost:2.39", "test-webserver", "curl -s web-0/etc/alpine-release", "3.20.3\n")]
    [InlineData("hashicorp/http-echo:1.0", "-text=hello -listen=:8080", "curl -s web-0:8080/any", "hello\n")]
    [InlineData("hashicorp/http-echo", "-text hello", "curl -s web-0:5678", "hello\n")]
    [InlineData("traefik/whoami", "--port 8080", "curl -s web-0:8080 | head -n 1", "Hostname: web-0\n")]
    [InlineData("traefik/whoami", "", "curl -s web-0/api | tr ',' '\\n' | grep -c 'hostname\\|remoteAddr\\|\"method\":\"GET\"'", "3\n")]
    [InlineData("gcr.io/google-samples/hello-app:2.0", "", "curl -s web-0:8080", "Hello, world!\nVersion: 2.0.0\nHostname: web-0\n")]
    [InlineData("registry.k8s.io/echoserver:1.10", "", "curl -s -d body web-0:8080/p?q=1 | grep -e Hostname -e method -e real -e query -e body", "Hostname: web-0\n\tmethod=POST\n\treal path=/p?q=1\n\tquery=q=1\nbody\n")]
    [InlineData("registry.k8s.io/serve_hostname", "", "curl -s web-0:9376", "web-0")]
    [InlineData("mysql:8.0", "--default-authentication-plugin=x", "curl -s web-0:3306/any/path; echo hello | nc web-0 3306; nc -z web-0 33060; echo $?", "web-0\nhello\n0\n")]
    [InlineData("example.com/own:1", "", "curl -sI web-0:3306 | head -n 1 | tr -d '\\r'; nc -z web-0 3307; echo $?", "HTTP/1.1 200 OK\n1\n")]
    public async Task A_server_answers_as_the_real_one(string image, string arguments, string ask, string answer)
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", image, ports: [3306, 33_060]);
        var found = pods.Catalog.Find(new k8s.Models.V1Container { Image = image, Ports = [new() { ContainerPort = 3306 }, new() { ContainerPort = 33_060 }] });
        await pod.StartAsync([.. found.Entrypoint, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(answer, (await pods.Add("client", "busybox").ShellAsync(ask)).Output);
        await pod.SignalAsync(Signals.Terminate);
        Assert.Equal(0, await pod.End.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, pod.Count.Current);
    }

    [Fact]
    public async Task Netexec_exits_with_the_code_that_it_is_told()
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", "agnhost");
        await pod.StartAsync(["/agnhost", "netexec"]);
        await pods.Add("client", "busybox").ShellAsync("curl -s 'web-0:8080/exit?code=3'");
        Assert.Equal(3, await pod.End.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData("registry.k8s.io/pause:3.10")]
    [InlineData("registry.k8s.io/e2e-test-images/agnhost:2.53")]
    [InlineData("postgres")]
    public async Task What_has_no_port_waits_until_it_is_told_to_stop(string image)
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", image);
        await pod.StartAsync(waits: false);
        await pods.UntilAsync(() => pod.First.SignalHandler is not null);
        Assert.False(pod.End.IsCompleted);
        await pod.SignalAsync(Signals.Terminate);
        Assert.Equal(0, await pod.End.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_taken_port_ends_a_server_with_the_reason()
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", "redis", ports: 6379);
        using var taken = await pods.RunAsync(() => Task.FromResult(pod.Container.Network.Listen(6379)));
        await pod.StartAsync(waits: false);
        Assert.Equal(1, await pod.End.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("bind() to 0.0.0.0:6379 failed (98: Address already in use)\n", pod.Errors);
    }

    [Theory]
    [InlineData("dns-suffix", "default.svc.cluster.local\n", "", 0)]
    [InlineData("dns-server-list", "10.96.0.10\n", "", 0)]
    [InlineData("connect web-1:8080", "", "", 0)]
    [InlineData("connect web-1:81", "", "REFUSED\n", 1)]
    [InlineData("connect nosuch:81", "", "DNS: no such host\n", 1)]
    [InlineData("entrypoint-tester a b", "[/agnhost entrypoint-tester a b]\n", "", 0)]
    [InlineData("nope", "", "Error: unknown command \"nope\" for \"app\"\nRun 'app --help' for usage.\nunknown command \"nope\" for \"app\"\n", 1)]
    public async Task Agnhosts_small_commands_say_what_the_real_ones_say(string arguments, string output, string errors, int status)
    {
        var pods = new PodsTogether();
        await pods.StartAsync("web-1", "gcr.io/google-samples/hello-app:1.0");
        var pod = pods.Add("web-0", "agnhost");
        await pod.StartAsync(["/agnhost", .. arguments.Split(' ')], waits: false);
        Assert.Equal(status, await pod.End.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal((output, errors), (pod.Output, pod.Errors));
    }

    [Theory]
    [InlineData("busybox:1.28", "which sh; . /etc/os-release; echo $ID", "/bin/sh\nbusybox\n", 0)]
    [InlineData("alpine:3.20", "cat /etc/alpine-release; . /etc/os-release; echo $ID; ash -c 'echo a'", "3.20.3\nalpine\na\n", 0)]
    [InlineData("debian:12", "bash -c 'echo $0'; . /etc/os-release; echo $ID", "bash\ndebian\n", 0)]
    [InlineData("ubuntu", "/bin/bash -c 'echo b'; . /etc/os-release; echo $ID", "b\nubuntu\n", 0)]
    [InlineData("alpine", "apk add --no-cache curl && echo done", "OK: 8 MiB in 14 packages\ndone\n", 0)]
    [InlineData("alpine", "apk add jq 2>&1 | tail -n 2; apk add jq > /dev/null 2>&1", "  jq (no such package):\n    required by: world[jq]\n", 1)]
    [InlineData("debian", "apt-get update 2> /dev/null | head -n 2; apt-get install -y curl | tail -n 2 && apt-get install -y jq 2>&1 > /dev/null", "Err:1 http://deb.debian.org/debian bookworm InRelease\n  Temporary failure resolving 'deb.debian.org'\ncurl is already the newest version.\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\nE: Unable to locate package jq\n", 100)]
    [InlineData("curlimages/curl", "/entrypoint.sh echo a; stat -c %U /home/curl_user; /entrypoint.sh -s nosuch", "a\ncurl_user\n", 6)]
    [InlineData("nicolaka/netshoot", "zsh -c 'echo z'", "z\n", 0)]
    public async Task A_shells_image_has_what_people_type(string image, string text, string output, int status)
    {
        var outcome = await new PodsTogether().Add("p", image).ShellAsync(text);
        Assert.Equal((output, status), (outcome.Output, outcome.Status));
    }
}
