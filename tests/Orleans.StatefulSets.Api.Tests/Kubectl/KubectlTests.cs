using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests.Kubectl;

public sealed class KubectlTests : IAsyncLifetime
{
    private const string Manifest = """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: web
        spec:
          replicas: 2
          serviceName: nginx
          selector:
            matchLabels:
              app: nginx
          template:
            metadata:
              labels:
                app: nginx
            spec:
              containers:
              - name: nginx
                image: nginx
        """;

    private RunningApi api = null!;

    public async Task InitializeAsync() => api = await RunningApi.StartAsync();

    public async Task DisposeAsync()
    {
        await api.DisposeAsync();
        Assert.Empty(api.Writer.Failures);
    }

    [SkippableTheory]
    [InlineData("1.27")]
    [InlineData("1.33")]
    public async Task What_kubectl_makes_without_a_manifest_is_made_whether_it_sends_json_or_protobuf(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);

        Assert.Equal("namespace/team created\n", (await kubectl.RunAsync("create namespace team")).Succeeded);
        Assert.Equal("configmap/a created\n", (await kubectl.RunAsync("create configmap a --from-literal=k=v")).Succeeded);
        Assert.Equal("v", (await kubectl.RunAsync("get configmap a -o jsonpath={.data.k}")).Succeeded);
        Assert.Equal("secret/s created\n", (await kubectl.RunAsync("create secret generic s --from-literal=p=w")).Succeeded);
        Assert.Equal("dw==", (await kubectl.RunAsync("get secret s -o jsonpath={.data.p}")).Succeeded);
        Assert.Equal("serviceaccount/robot created\n", (await kubectl.RunAsync("create serviceaccount robot")).Succeeded);
        Assert.Equal("service/front created\n", (await kubectl.RunAsync("create service clusterip front --tcp=80:8080")).Succeeded);
        Assert.Equal("8080", (await kubectl.RunAsync("get service front -o jsonpath={.spec.ports[0].targetPort}")).Succeeded);
        Assert.Equal("yes\n", (await kubectl.RunAsync("auth can-i create pods")).Succeeded);
        var again = await kubectl.RunAsync("create configmap a");
        Assert.Equal((1, "error: failed to create configmap: configmaps \"a\" already exists\n"), (again.Code, again.Errors));
    }

    [SkippableTheory]
    [InlineData("1.27")]
    [InlineData("1.33")]
    public async Task A_set_is_applied_changed_scaled_patched_and_deleted(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);

        Assert.Equal("statefulset.apps/web created\n", (await kubectl.RunAsync("apply -f -", Manifest)).Succeeded);
        Assert.Equal("statefulset.apps/web unchanged\n", (await kubectl.RunAsync("apply -f -", Manifest)).Succeeded);
        Assert.Equal("statefulset.apps/web configured\n", (await kubectl.RunAsync("apply -f -", Manifest.Replace("replicas: 2", "replicas: 3"))).Succeeded);
        Assert.Equal("statefulset.apps/web scaled\n", (await kubectl.RunAsync("scale sts web --replicas=5")).Succeeded);
        Assert.Equal("5", (await kubectl.RunAsync("get sts web -o jsonpath={.spec.replicas}")).Succeeded);
        Assert.Equal("statefulset.apps/web patched\n", (await kubectl.RunAsync("patch sts web --type merge -p {\\\"spec\\\":{\\\"replicas\\\":4}}")).Succeeded);
        Assert.Equal("statefulset.apps/web labeled\n", (await kubectl.RunAsync("label sts web tier=front")).Succeeded);
        Assert.Contains("Name:               web", (await kubectl.RunAsync("describe sts web")).Succeeded, StringComparison.Ordinal);
        Assert.Equal("statefulset.apps \"web\" deleted\n", (await kubectl.RunAsync("delete sts web")).Succeeded);
        var gone = await kubectl.RunAsync("get sts web");
        Assert.Equal(1, gone.Code);
        Assert.Equal("Error from server (NotFound): statefulsets.apps \"web\" not found\n", gone.Errors);
    }

    [SkippableTheory]
    [InlineData("1.27")]
    [InlineData("1.33")]
    public async Task Get_prints_tables_and_follows_changes(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);
        api.Add(ResourceKinds.ConfigMaps, "a", "app=x");
        Assert.StartsWith("NAME", (await kubectl.RunAsync("get cm")).Lines[0], StringComparison.Ordinal);
        Assert.Matches("^a .*30s$", (await kubectl.RunAsync("get cm -l app=x")).Lines[1]);
        Assert.Equal("configmap/a\n", (await kubectl.RunAsync("get cm -A -o name")).Succeeded);

        var lines = kubectl.Follow("get cm -w");
        Assert.StartsWith("NAME", await Line(lines), StringComparison.Ordinal);
        Assert.StartsWith("a ", await Line(lines), StringComparison.Ordinal);
        api.Add(ResourceKinds.ConfigMaps, "b");
        Assert.StartsWith("b ", await Line(lines), StringComparison.Ordinal);
        api.Add(ResourceKinds.ConfigMaps, "a", "app=y");
        Assert.StartsWith("a ", await Line(lines), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("1.27")]
    [InlineData("1.33")]
    public async Task Delete_waits_until_a_pod_is_gone(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);
        var pod = api.Add(ResourceKinds.Pods, "a");

        var delete = kubectl.RunAsync("delete pod a");
        using var watch = await WatchReader.OpenAsync(api, $"/api/v1/pods?watch=true&resourceVersion={pod.ResourceVersion}");
        Assert.StartsWith("MODIFIED a@", await watch.NextTextAsync(), StringComparison.Ordinal);
        Assert.False(delete.IsCompleted);
        api.Remove(pod);

        Assert.StartsWith("pod \"a\" deleted", (await delete).Succeeded, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("1.27")]
    [InlineData("1.33")]
    public async Task Discovery_tells_the_kinds_and_the_version(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);

        var resources = (await kubectl.RunAsync("api-resources")).Succeeded;
        Assert.Matches(@"statefulsets +sts +apps/v1 +true +StatefulSet", resources);
        Assert.Matches(@"nodes +no +v1 +false +Node", resources);
        Assert.Contains("\"gitVersion\": \"v1.33.1+orleans\"", (await kubectl.RunAsync("version -o json")).Succeeded, StringComparison.Ordinal);
        Assert.Contains("apps/v1", (await kubectl.RunAsync("api-versions")).Lines);
        Assert.Equal("ok", (await kubectl.RunAsync("get --raw /readyz")).Succeeded);
    }

    [SkippableTheory]
    [InlineData("1.27")]
    [InlineData("1.33")]
    public async Task Create_diff_replace_and_server_dry_run_work(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);

        Assert.Equal("statefulset.apps/web created (server dry run)\n", (await kubectl.RunAsync("create -f - --dry-run=server", Manifest)).Succeeded);
        Assert.Equal("statefulset.apps/web created\n", (await kubectl.RunAsync("create -f -", Manifest)).Succeeded);
        var again = await kubectl.RunAsync("create -f -", Manifest);
        Assert.Equal("Error from server (AlreadyExists): error when creating \"STDIN\": statefulsets.apps \"web\" already exists\n", again.Errors);
        var diff = await kubectl.RunAsync("diff -f -", Manifest.Replace("replicas: 2", "replicas: 3"));
        Assert.Contains("+  replicas: 3", diff.Output, StringComparison.Ordinal);
        Assert.Equal("statefulset.apps/web replaced\n", (await kubectl.RunAsync("replace -f -", Manifest)).Succeeded);
    }

    [SkippableTheory]
    [InlineData("1.27")]
    [InlineData("1.33")]
    public async Task Explain_shows_fields_and_their_types(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);

        Assert.Matches(@"volumeClaimTemplates\s+<\[\]\w*PersistentVolumeClaim>", (await kubectl.RunAsync("explain sts.spec")).Succeeded);
        Assert.Matches(@"FIELD: serviceName <string>", (await kubectl.RunAsync("explain sts.spec.serviceName")).Succeeded);
    }

    private static async Task<string> Line(StreamReader lines)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await lines.ReadLineAsync(patience.Token) ?? "end";
    }
}
