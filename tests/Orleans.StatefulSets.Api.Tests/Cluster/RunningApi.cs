using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Api.Health;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.InFlight;
using Orleans.StatefulSets.Api.Streams.Upgrades;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Faults;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Tests.Cluster;

/// <summary>The API on a loopback port, over a cluster in memory.</summary>
public sealed class RunningApi : IAsyncDisposable
{
    private readonly WebApplication app;

    private RunningApi(WebApplication app, MemoryReplica replica, MemoryWriter writer, SettableReadiness readiness, ScriptedPods pods)
    {
        this.app = app;
        Pods = pods;
        Replica = replica;
        Writer = writer;
        Readiness = readiness;
        Url = app.Urls.Single();
        Http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = new Uri(Url) };
    }

    public MemoryReplica Replica { get; }

    public MemoryWriter Writer { get; }

    public SettableReadiness Readiness { get; }

    public ScriptedPods Pods { get; }

    public string Url { get; }

    /// <summary>Sessions in pods that are open now.</summary>
    public int StreamSessions => app.Services.GetRequiredService<StreamSessions>().Open;

    public int ReadsInFlight => app.Services.GetRequiredService<RequestLimits>().ReadsInFlight;

    public HttpClient Http { get; }

    public static async Task<RunningApi> StartAsync(Action<ApiOptions>? configure = null, TimeProvider? time = null, IRequestFaults? faults = null, ClusterClock? clock = null)
    {
        var replica = new MemoryReplica();
        var identities = new FixedIdentities();
        clock ??= new FixedClock();
        var writer = new MemoryWriter(replica, identities, clock);
        var readiness = new SettableReadiness();
        var pods = new ScriptedPods();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(new FailureLog(writer.Failures));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IReplicas>(replica).AddSingleton<IClusterWriter>(writer).AddSingleton(clock);
        builder.Services.AddSingleton<IIdentitySource>(identities).AddSingleton<IReadiness>(readiness).AddSingleton<IPodStreams>(pods);
        if (faults is not null)
        {
            builder.Services.AddSingleton(faults);
        }

        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddKubernetesApi(configure ?? (_ => { }));
        var app = builder.Build();
        app.MapKubernetesApi();
        app.MapGet("/page", () => "a page of the program");
        await app.StartAsync();
        return new RunningApi(app, replica, writer, readiness, pods);
    }

    public StoredObject Add(ResourceKind kind, string name, string labels = "", string @namespace = "default")
    {
        var pairs = labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='));
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["uid"] = "uid-" + name,
            ["creationTimestamp"] = "2025-05-31T23:59:30Z",
            ["labels"] = new JsonObject(pairs.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair[0], pair[1]))),
        };
        if (kind.Namespaced)
        {
            metadata["namespace"] = @namespace;
        }

        var node = new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind, ["metadata"] = metadata };
        return Replica.Commit(kind.Key(@namespace, name), "uid-" + name, ObjectJson.Decode(Encoding.UTF8.GetBytes(node.ToJsonString()), kind.ModelType));
    }

    /// <summary>Adds a running pod, or one that has no node yet.</summary>
    public StoredObject AddPod(string name, string[]? containers = null, string[]? initContainers = null, string? node = "node-1")
    {
        static IList<V1Container>? Named(string[]? names) => names is null ? null : [.. names.Select(name => new V1Container { Name = name, Image = "x", Stdin = true })];
        return Replica.Commit(ResourceKinds.Pods.Key("default", name), "uid-" + name, new V1Pod
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Uid = "uid-" + name },
            Spec = new V1PodSpec { Containers = Named(containers ?? ["main"]), InitContainers = Named(initContainers), NodeName = node },
            Status = new V1PodStatus { Phase = node is null ? "Pending" : "Running" },
        });
    }

    public void Remove(StoredObject item) => Replica.Commit(item.Key, item.Uid, null);

    public async Task<Reply> SendAsync(
        string method, string path, string? body = null, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        return new Reply(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join("|", header.Value)));
    }

    public Task<Reply> GetAsync(string path, string accept = "application/json") => SendAsync("GET", path, null, "", ("Accept", accept));

    /// <summary>Stops serving; the client's side of the connections stays as it is.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}

/// <summary>What the API answered.</summary>
public sealed record Reply(int Code, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string Message => Json["message"]!.GetValue<string>();

    public string Reason => Json["reason"]!.GetValue<string>();

    public IReadOnlyList<string> Names => [.. Json["items"]!.AsArray().Select(item => item!["metadata"]!["name"]!.GetValue<string>())];
}
