using System.Text.RegularExpressions;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Manifests;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Tutorial;

/// <summary>
/// The tutorial "StatefulSet Basics" from its first command to its last, typed into a real terminal as the page prints them, with what a
/// second terminal's <c>get -w</c> shows meanwhile.
/// </summary>
[Collection(UpdatesCollection.Name)]
public sealed partial class WholeTutorialTests(SharedServer server)
{
    private const string Watch = "get pods -w -l app=nginx";
    private const string HostNames = """for i in 0 1; do kubectl exec "web-$i" -- sh -c 'hostname'; done""";
    private const string Pages = """for i in 0 1; do kubectl exec -i -t "web-$i" -- curl http://localhost/; done""";
    private const string Images = """for p in 0 1 2; do kubectl get pod "web-$p" --template '{{range $i, $c := .spec.containers}}{{$c.image}}{{end}}'; echo; done""";

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Every_command_of_the_page_does_what_the_page_says(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await using var terminal = await kubectl.OpenTerminalAsync();
        await terminal.RunAsync($"cp {TutorialManifests.Web} web.yaml; cp {TutorialManifests.WebParallel} web-parallel.yaml");

        await CreateAsync(kubectl, terminal);
        await KeepIdentityAsync(kubectl, terminal);
        await KeepFilesAsync(kubectl, terminal);
        await ScaleAsync(kubectl, terminal);
        await UpdateAsync(kubectl, terminal);
        await StageAsync(kubectl, terminal);
        await DeleteAsync(kubectl, terminal);
        await ParallelAsync(kubectl, terminal);
        Assert.Matches(@"(persistentvolumeclaim ""www-web-\d"" deleted\n?){5}", await terminal.RunAsync("kubectl delete pvc -l app=nginx"));
    }

    private static async Task CreateAsync(KubectlSession kubectl, TypedTerminal terminal)
    {
        await using var watch = await kubectl.WatchAsync(Watch);
        Assert.Equal("service/nginx created\nstatefulset.apps/web created", await terminal.RunAsync("kubectl apply -f web.yaml"));
        Assert.Matches(@"^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\nnginx +ClusterIP +None +<none> +80/TCP +\d+s$", await terminal.RunAsync("kubectl get service nginx"));
        await watch.ShowsAsync([.. PodLife.Starts("web-0"), .. PodLife.Starts("web-1")]);
        Assert.Matches(@"^NAME +READY +AGE\nweb +2/2 +\d+s$", await terminal.RunAsync("kubectl get statefulset web"));
        Assert.Matches(@"^NAME .*\nweb-0 +1/1 +Running +0 +\d+s\nweb-1 +1/1 +Running +0 +\d+s$", await terminal.RunAsync("kubectl get pods -l app=nginx"));
    }

    private static async Task KeepIdentityAsync(KubectlSession kubectl, TypedTerminal terminal)
    {
        Assert.Equal("web-0\nweb-1", await terminal.RunAsync(HostNames));
        var before = await LookUpAsync(terminal, "kubectl run -i --tty --image busybox:1.28 dns-test --restart=Never --rm");
        await using (var watch = await kubectl.WatchAsync(Watch))
        {
            Assert.Equal("pod \"web-0\" deleted\npod \"web-1\" deleted", Deleted(await terminal.RunAsync("kubectl delete pod -l app=nginx")));
            await watch.WaitForLineAsync("web-1 0/1 ContainerCreating 0");
            await WebSet.ReadyAsync(kubectl);
        }

        Assert.Equal("web-0\nweb-1", await terminal.RunAsync("""for i in 0 1; do kubectl exec web-$i -- sh -c 'hostname'; done"""));
        var after = await LookUpAsync(terminal, "kubectl run -i --tty --image busybox:1.28 dns-test --restart=Never --rm /bin/sh");
        Assert.Empty(before.Intersect(after));
    }

    // In the shell of a pod that lives as long as it.
    private static async Task<IReadOnlyList<string>> LookUpAsync(TypedTerminal terminal, string run)
    {
        await terminal.TypeAsync(run + "\n");
        await terminal.UntilAsync("If you don't see a command prompt, try pressing enter.");
        await terminal.TypeAsync("\n");
        await terminal.UntilAsync("/ # ");
        List<string> addresses = [];
        foreach (var pod in (string[])["web-0", "web-1"])
        {
            await terminal.TypeAsync($"nslookup {pod}.nginx\n");
            var shown = await terminal.UntilAsync($"Name:      {pod}.nginx\n".Replace("\n", "\r\n"));
            Assert.Matches(@"Server:    10\.96\.0\.10\nAddress 1: 10\.96\.0\.10 kube-dns\.kube-system\.svc\.cluster\.local\n\n$", shown);
            var answer = await terminal.UntilAsync("/ # ");
            Assert.Matches(@"^Address 1: 10\.244\.\d+\.\d+ " + pod + @"\.nginx\.[a-z0-9-]+\.svc\.cluster\.local\n", answer);
            addresses.Add(Address().Match(answer).Value);
        }

        await terminal.TypeAsync("exit\n");
        await terminal.UntilAsync("pod \"dns-test\" deleted");
        await terminal.UntilPromptAsync();
        return addresses;
    }

    private static async Task KeepFilesAsync(KubectlSession kubectl, TypedTerminal terminal)
    {
        Assert.Matches(@"^NAME .*\nwww-web-0 +Bound +pvc-[0-9a-f-]+ +1Gi +RWO .*\nwww-web-1 +Bound +pvc-[0-9a-f-]+ +1Gi +RWO ", await terminal.RunAsync("kubectl get pvc -l app=nginx"));
        Assert.Contains("403 Forbidden", await terminal.RunAsync(Pages), StringComparison.Ordinal);
        Assert.Equal("", await terminal.RunAsync("""for i in 0 1; do kubectl exec "web-$i" -- sh -c 'echo "$(hostname)" > /usr/share/nginx/html/index.html'; done"""));
        Assert.Equal("web-0\nweb-1", await terminal.RunAsync(Pages));

        // The page's note: a folder whose mode keeps the server's user out.
        await terminal.RunAsync("for i in 0 1; do kubectl exec web-$i -- chmod 700 /usr/share/nginx/html; done");
        Assert.Contains("403 Forbidden", await terminal.RunAsync(Pages), StringComparison.Ordinal);
        await terminal.RunAsync("for i in 0 1; do kubectl exec web-$i -- chmod 755 /usr/share/nginx/html; done");
        var before = await PodsAsync();
        await terminal.RunAsync("kubectl delete pod -l app=nginx");

        // The set's own status tells of the pods that are gone for a moment longer.
        string[] now = [];
        await Deadline.WaitAsync(
            TimeSpan.FromSeconds(50),
            async () => (now = await PodsAsync()).Length == 2 && now.All(pod => pod.EndsWith("=true", StringComparison.Ordinal)) && !now.Intersect(before).Any(),
            () => $"there are {string.Join(' ', now)}");
        Assert.Equal("web-0\nweb-1", await terminal.RunAsync(Pages));

        async Task<string[]> PodsAsync() => (await kubectl.OutputAsync(
            "get pods -l app=nginx -o go-template='{{range .items}}{{.metadata.uid}}={{range .status.containerStatuses}}{{.ready}}{{end}} {{end}}'"))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task ScaleAsync(KubectlSession kubectl, TypedTerminal terminal)
    {
        await using var watch = await kubectl.WatchAsync(Watch);
        await watch.ShowsAsync(PodLife.Runs("web-0"), PodLife.Runs("web-1"));
        Assert.Equal("statefulset.apps/web scaled", await terminal.RunAsync("kubectl scale sts web --replicas=5"));
        await watch.ShowsAsync([.. PodLife.Starts("web-2"), .. PodLife.Starts("web-3"), .. PodLife.Starts("web-4")]);
        Assert.Equal("statefulset.apps/web patched", await terminal.RunAsync("""kubectl patch sts web -p '{"spec":{"replicas":3}}'"""));
        await watch.ShowsAsync([.. PodLife.Ends("web-4"), .. PodLife.Ends("web-3")]);
        Assert.Equal(6, (await terminal.RunAsync("kubectl get pvc -l app=nginx")).Split('\n').Length);
    }

    private static async Task UpdateAsync(KubectlSession kubectl, TypedTerminal terminal)
    {
        Assert.Equal("statefulset.apps/web patched (no change)", await terminal.RunAsync("""kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"type":"RollingUpdate"}}}'"""));
        await using var watch = await kubectl.WatchAsync(Watch);
        await watch.ShowsAsync(PodLife.Runs("web-0"), PodLife.Runs("web-1"), PodLife.Runs("web-2"));
        Assert.Equal("statefulset.apps/web patched", await terminal.RunAsync(
            """kubectl patch statefulset web --type='json' -p='[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value":"gcr.io/google_containers/nginx-slim:0.8"}]'"""));
        await watch.ShowsAsync([.. PodLife.IsReplaced("web-2"), .. PodLife.IsReplaced("web-1"), .. PodLife.IsReplaced("web-0")]);
        Assert.Equal(string.Join('\n', Enumerable.Repeat("gcr.io/google_containers/nginx-slim:0.8", 3)), await terminal.RunAsync(Images));
    }

    private static async Task StageAsync(KubectlSession kubectl, TypedTerminal terminal)
    {
        await PartitionAsync(kubectl, terminal, 3);
        Assert.Equal("statefulset.apps/web patched", await terminal.RunAsync($"kubectl {WebSet.PatchImage("k8s.gcr.io/nginx-slim:0.7")}"));
        await ReplaceAsync(kubectl, terminal, "web-2");
        Assert.Equal("gcr.io/google_containers/nginx-slim:0.8", await ImageAsync(terminal, "web-2"));

        await PartitionAsync(kubectl, terminal, 2);
        await kubectl.UntilShownAsync("get pod web-2 -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image,READY:.status.containerStatuses[0].ready", row => row[1] == "k8s.gcr.io/nginx-slim:0.7" && row[2] == "true");
        await ReplaceAsync(kubectl, terminal, "web-1");
        Assert.Equal("gcr.io/google_containers/nginx-slim:0.8", await ImageAsync(terminal, "web-1"));

        await PartitionAsync(kubectl, terminal, 0);
        await WebSet.ReadyAsync(kubectl);
        Assert.Equal("k8s.gcr.io/nginx-slim:0.7\nk8s.gcr.io/nginx-slim:0.7\nk8s.gcr.io/nginx-slim:0.7", await terminal.RunAsync(Images));
        Assert.Equal("web-0\nweb-1", await terminal.RunAsync(Pages));
    }

    private static async Task DeleteAsync(KubectlSession kubectl, TypedTerminal terminal)
    {
        Assert.EndsWith("statefulset.apps \"web\" deleted", Deleted(await terminal.RunAsync("kubectl delete statefulset web --cascade=false")), StringComparison.Ordinal);
        Assert.Matches(@"web-0 +1/1 .*\nweb-1 +1/1 .*\nweb-2 +1/1 ", await terminal.RunAsync("kubectl get pods -l app=nginx"));
        Assert.Equal("pod \"web-0\" deleted", Deleted(await terminal.RunAsync("kubectl delete pod web-0")));
        Assert.Matches(@"^NAME .*\nweb-1 +1/1 .*\nweb-2 +1/1 [^\n]*$", await terminal.RunAsync("kubectl get pods -l app=nginx"));

        // The surplus pod goes, the others stay or come with the page's image, and every claim is found again.
        Assert.Equal("statefulset.apps/web created\nservice/nginx unchanged", await terminal.RunAsync("kubectl apply -f web.yaml | sort -r"));
        await kubectl.OutputAsync("wait --for=delete pod/web-2 --timeout=50s");
        await WebSet.ReadyAsync(kubectl);
        Assert.Equal("web-0\nweb-1", await terminal.RunAsync(Pages));

        Assert.Equal("statefulset.apps \"web\" deleted", Deleted(await terminal.RunAsync("kubectl delete statefulset web")));
        await kubectl.OutputAsync("wait --for=delete pod -l app=nginx --timeout=50s");
        Assert.Equal("service \"nginx\" deleted", Deleted(await terminal.RunAsync("kubectl delete service nginx")));
        Assert.Equal("service/nginx created\nstatefulset.apps/web created", await terminal.RunAsync("kubectl apply -f web.yaml"));
        await WebSet.ReadyAsync(kubectl);
        Assert.Equal("web-0\nweb-1", await terminal.RunAsync(Pages));
        await terminal.RunAsync("kubectl delete service nginx; kubectl delete statefulset web");
        await kubectl.OutputAsync("wait --for=delete pod -l app=nginx --timeout=50s");
    }

    private static async Task ParallelAsync(KubectlSession kubectl, TypedTerminal terminal)
    {
        await using var watch = await kubectl.WatchAsync(Watch);
        Assert.Equal("service/nginx created\nstatefulset.apps/web created", await terminal.RunAsync("kubectl apply -f web-parallel.yaml"));
        await watch.ShowsInterleavedAsync(PodLife.Starts("web-0"), PodLife.Starts("web-1"));
        Assert.Equal("statefulset.apps/web scaled", await terminal.RunAsync("kubectl scale statefulset/web --replicas=4"));
        await watch.ShowsInterleavedAsync(PodLife.Starts("web-2"), PodLife.Starts("web-3"));
        Assert.Equal("web-0\nweb-1", await terminal.RunAsync(Pages));
        Assert.Equal("statefulset.apps \"web\" deleted", Deleted(await terminal.RunAsync("kubectl delete sts web")));
        await watch.ShowsInterleavedAsync(PodLife.Ends("web-0"), PodLife.Ends("web-1"), PodLife.Ends("web-2"), PodLife.Ends("web-3"));
        Assert.Equal("service \"nginx\" deleted", Deleted(await terminal.RunAsync("kubectl delete svc nginx")));
    }

    private static async Task PartitionAsync(KubectlSession kubectl, TypedTerminal terminal, int partition)
    {
        Assert.Equal("statefulset.apps/web patched", await terminal.RunAsync($"kubectl {WebSet.PatchPartition(partition)}"));
        await WebSet.ObservedAsync(kubectl);
    }

    private static async Task ReplaceAsync(KubectlSession kubectl, TypedTerminal terminal, string pod)
    {
        Assert.Equal($"pod \"{pod}\" deleted", Deleted(await terminal.RunAsync($"kubectl delete pod {pod}")));
        await kubectl.UntilShownAsync("get pods -l app=nginx", row => row[0] == pod && row[1] == "1/1" && row[2] == "Running");
    }

    private static Task<string> ImageAsync(TypedTerminal terminal, string pod) =>
        terminal.RunAsync($"kubectl get pod {pod} --template '{{{{range $i, $c := .spec.containers}}}}{{{{$c.image}}}}{{{{end}}}}'");

    // 1.33 says from which namespace it deleted.
    private static string Deleted(string shown) => FromNamespace().Replace(shown, "");

    [GeneratedRegex(@"10\.244\.\d+\.\d+")]
    private static partial Regex Address();

    [GeneratedRegex(" from [a-z0-9-]+ namespace")]
    private static partial Regex FromNamespace();
}
