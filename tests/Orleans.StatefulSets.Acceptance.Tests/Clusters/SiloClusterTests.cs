using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Manifests;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Acceptance.Tests.Tutorial;

namespace Orleans.StatefulSets.Acceptance.Tests.Clusters;

/// <summary>Several silos on one database are one cluster to whoever asks, whichever of them is asked and whichever is lost.</summary>
[Collection(SilosCollection.Name)]
public sealed class SiloClusterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [SkippableFact]
    public async Task Three_silos_and_an_API_server_are_one_cluster_and_the_death_of_each_goes_by()
    {
        await using var cluster = await SiloCluster.StartAsync(3, "--latency", "none", "--drain", "1s");
        var api = await cluster.AddAsync("--role", "api");
        var first = await cluster.Servers[0].OpenAsync(KubectlVersion.Newest);
        var second = await AgainstAsync(first, cluster.Servers[1]);
        var apart = await AgainstAsync(first, api);

        // Written through one, watched through another, looked into through a third.
        await using (var watch = await second.WatchAsync("get pods --watch-only -l app=nginx"))
        {
            await first.OutputAsync($"apply -f {TutorialManifests.WebParallel}");
            await first.OutputAsync("scale sts web --replicas=12");
            await watch.WaitForLineAsync("web-11 1/1 Running 0");
        }

        await apart.OutputAsync("rollout status sts/web --timeout=50s");
        for (var pod = 0; pod < 6; pod++)
        {
            Assert.Equal($"web-{pod}", await apart.OutputAsync($"exec web-{pod} -- sh -c 'hostname | tee /usr/share/nginx/html/index.html'"));
        }

        // Requests are refused on purpose wherever they come in.
        await first.CreateAsync("""
            apiVersion: emulator.statefulsets/v1alpha1
            kind: Fault
            metadata: { name: refusal }
            spec: { action: APIError, statusCode: 503, selector: { verbs: [ create ], resources: [ configmaps ] } }
            """);
        await Deadline.WaitAsync(Limit, async () => (await apart.RunAsync("create configmap refused --dry-run=server")).ExitCode == 1, () => "requests to the API server are not refused");
        Assert.Contains("fault \"refusal\" of emulator.statefulsets", await second.RefusalAsync("create configmap refused --dry-run=server"), StringComparison.Ordinal);
        await first.OutputAsync("delete fault refusal");
        await Deadline.WaitAsync(Limit, async () => (await apart.RunAsync("create configmap accepted --dry-run=server")).ExitCode == 0, () => "requests to the API server are still refused");

        var before = await WebSet.UidsAsync(apart, "pods,pvc");
        Assert.Equal(before, await WebSet.UidsAsync(first, "pods,pvc"));
        Assert.Equal(before, await WebSet.UidsAsync(second, "pods,pvc"));
        foreach (var (silo, survivor) in cluster.Servers.Take(3).Zip((KubectlSession[])[second, apart, first]))
        {
            await silo.KillAsync();
            var watch = Stopwatch.StartNew();
            await survivor.CreateConfigMapAsync($"after-{silo.Url.Port.ToString(CultureInfo.InvariantCulture)}");
            Assert.True(watch.Elapsed < DeathCluster.Failover, $"the first write after a death took {watch.Elapsed.TotalSeconds} s");
            await survivor.OutputAsync("delete pod web-7");
            await Deadline.WaitAsync(Limit, async () => (await survivor.RunAsync("wait --for=condition=Ready pod/web-7 --timeout=5s")).ExitCode == 0, () => "web-7 does not come back");
            await survivor.OutputAsync("rollout status sts/web --timeout=50s");
            await silo.RestartAsync();
        }

        // The files are the volumes', whoever serves them; and nobody but web-7 is another than before.
        for (var pod = 0; pod < 6; pod++)
        {
            Assert.Equal($"web-{pod}", await first.OutputAsync($"exec web-{pod} -- cat /usr/share/nginx/html/index.html"));
        }

        var after = await WebSet.UidsAsync(second, "pods,pvc");
        Assert.Equal(before.Where(item => item.Key != "web-7"), after.Where(item => item.Key != "web-7"));
        Assert.NotEqual(before["web-7"], after["web-7"]);

        // An API server comes and goes; and when all go at once, all that was acknowledged is there again and goes on.
        await api.KillAsync();
        await api.RestartAsync();
        await apart.OutputAsync("scale sts web --replicas=14");
        await Task.WhenAll(cluster.Servers.Select(server => server.KillAsync()));
        await Task.WhenAll(cluster.Servers.Select(server => server.RestartAsync()));
        await Deadline.WaitAsync(Limit, async () => (await WebSet.UidsAsync(apart, "pods")).Count == 14, () => "the set does not grow");
        await first.OutputAsync("rollout status sts/web --timeout=50s");
        Assert.Equal("web-5", await second.OutputAsync("exec web-5 -- cat /usr/share/nginx/html/index.html"));
        var whole = await WebSet.UidsAsync(apart, "pods,pvc");
        Assert.Equal(after, whole.Where(item => after.ContainsKey(item.Key)).ToDictionary());
    }

    [SkippableFact]
    public async Task A_silo_that_leaves_in_order_is_missed_by_nobody()
    {
        await using var cluster = await SiloCluster.StartAsync(3, "--latency", "none", "--drain", "3s");
        var kubectl = cluster.Servers[0].Open(KubectlVersion.Newest, "default");
        await kubectl.OutputAsync($"apply -f {TutorialManifests.WebParallel}");
        await kubectl.OutputAsync("scale sts web --replicas=3");
        await kubectl.OutputAsync("rollout status sts/web --timeout=50s");
        using var ending = new CancellationTokenSource();
        var failures = new List<string>();
        var (calls, commands) = (0, 0);
        var clients = Enumerable.Range(0, 4).Select(number => CallAsync(number, cluster)).Concat(Enumerable.Range(0, 3).Select(pod => ExecAsync(pod, cluster))).ToList();
        foreach (var silo in cluster.Servers)
        {
            var (until, untilCommands) = (calls + 80, commands + 6);
            await Deadline.WaitAsync(Limit, () => Volatile.Read(ref calls) > until && Volatile.Read(ref commands) > untilCommands, () => "the clients do not get on");
            await silo.StopAsync();
            await silo.RestartAsync();
        }

        await ending.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Empty(failures);

        // A client behind a load balancer: it goes to whoever says that he is ready, and keeps its connections as long as they last.
        async Task CallAsync(int number, SiloCluster servers)
        {
            for (var call = 0; !ending.IsCancellationRequested; call++)
            {
                var server = await ReadyAsync(servers, number + call);
                var name = $"map-{number}-{call}";
                using var body = new StringContent($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"}}""", null, "application/json");
                try
                {
                    using var written = await server.Client.PostAsync("/api/v1/namespaces/default/configmaps", body);
                    using var read = await server.Client.GetAsync($"/api/v1/namespaces/default/configmaps/{name}");
                    if ((written.StatusCode, read.StatusCode) != (HttpStatusCode.Created, HttpStatusCode.OK))
                    {
                        Fail($"{name}: {written.StatusCode} {await written.Content.ReadAsStringAsync()} {read.StatusCode}");
                    }
                }
                catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
                {
                    Fail($"{name}: {failure.Message}");
                }

                Interlocked.Increment(ref calls);
            }
        }

        // What takes no longer than a server serves after it said that it leaves comes to its end, wherever the pod's node is and goes.
        async Task ExecAsync(int pod, SiloCluster servers)
        {
            while (!ending.IsCancellationRequested)
            {
                using var client = new Kubernetes(new KubernetesClientConfiguration { Host = (await ReadyAsync(servers, pod + commands)).Url.ToString() });
                using var patience = new CancellationTokenSource(Limit);
                try
                {
                    var (output, errors) = ("", "");
                    var exitCode = await client.NamespacedPodExecAsync(
                        $"web-{pod}", "default", "nginx", ["sh", "-c", "echo began; sleep 1; hostname"], tty: false,
                        async (_, stdout, stderr) =>
                        {
                            output = await new StreamReader(stdout).ReadToEndAsync(patience.Token);
                            errors = await new StreamReader(stderr).ReadToEndAsync(patience.Token);
                        },
                        patience.Token);
                    if ((output, errors, exitCode) != ($"began\nweb-{pod}\n", "", 0))
                    {
                        Fail($"exec in web-{pod}: {exitCode} {output} {errors}");
                    }
                }
                catch (Exception failure) when (failure is KubernetesException or WebSocketException or HttpRequestException or HttpOperationException or OperationCanceledException)
                {
                    Fail($"exec in web-{pod}: {failure.Message}");
                }

                Interlocked.Increment(ref commands);
            }
        }

        void Fail(string what)
        {
            lock (failures)
            {
                failures.Add(what);
            }
        }
    }

    [SkippableFact]
    public async Task While_the_database_is_away_reads_say_how_old_they_are_and_writes_are_refused()
    {
        await using var cluster = await SiloCluster.StartAsync(2, "--latency", "none", "--database-timeout", "1s");
        var kubectl = await cluster.Servers[0].OpenAsync(KubectlVersion.Newest);
        var other = await AgainstAsync(kubectl, cluster.Servers[1]);
        await WebSet.CreateAsync(kubectl);

        await cluster.Postgres.CrashAsync();
        foreach (var session in (KubectlSession[])[kubectl, other])
        {
            var read = await session.RunAsync("get pods --no-headers -o name");
            Assert.Equal(["pod/web-0", "pod/web-1"], read.Output);
            Assert.Matches("^Warning: the cluster's storage does not answer; this is what was known [0-9]+s ago$", Assert.Single(read.Errors));
            Assert.Contains("cannot be reached", await session.RefusalAsync("delete pod web-0 --wait=false"), StringComparison.Ordinal);
        }

        using (var refused = await cluster.Servers[0].Client.PostAsync(
            "/api/v1/namespaces/default/configmaps", new StringContent("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"refused"}}""", null, "application/json")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            using var status = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
            Assert.Equal("ServiceUnavailable", status.RootElement.GetProperty("reason").GetString());
        }

        await cluster.Postgres.StartAgainAsync();
        var watch = Stopwatch.StartNew();
        Assert.Equal("configmap/afterwards created", await other.CreateConfigMapAsync("afterwards"));
        Assert.True(watch.Elapsed < DeathCluster.Failover, $"the first write after the database's return took {watch.Elapsed.TotalSeconds} s");
        // The silo that wrote nothing may find out a moment later that its reads are whole again.
        await Deadline.WaitAsync(
            DeathCluster.Failover, async () => await kubectl.RunAsync("get pods --no-headers -o name") is { Errors: [], Output: ["pod/web-0", "pod/web-1"] }, () => "reads still are of the past");
    }

    private static async Task<ServerProcess> ReadyAsync(SiloCluster cluster, int from)
    {
        while (true)
        {
            var server = cluster.Servers[from++ % cluster.Servers.Count];
            try
            {
                using var response = await server.Client.GetAsync("/readyz");
                if (response.IsSuccessStatusCode)
                {
                    return server;
                }
            }
            catch (HttpRequestException)
            {
                // It is not there: the next one.
            }
        }
    }

    // The same namespace, by another door.
    private static async Task<KubectlSession> AgainstAsync(KubectlSession session, ServerProcess server)
    {
        var other = session.Copy(Path.Combine(Path.GetDirectoryName(server.DataDirectory)!, "session"));
        await other.OutputAsync($"config set-cluster {await other.OutputAsync("config view --minify -o jsonpath={.contexts[0].context.cluster}")} --server={server.Url}");
        return other;
    }
}
