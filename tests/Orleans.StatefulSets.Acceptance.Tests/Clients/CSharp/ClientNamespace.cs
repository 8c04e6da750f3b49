using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Clients.CSharp;

/// <summary>The official C# client (KubernetesClient) with the kubeconfig that the server wrote, and a namespace that goes again with its end.</summary>
internal sealed class ClientNamespace : IAsyncDisposable
{
    public const string Set = "web";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly Kubernetes client;

    private ClientNamespace(Kubernetes client, string name)
    {
        this.client = client;
        Name = name;
    }

    public string Name { get; }

    public IKubernetes Client => client;

    public ICoreV1Operations Core => client.CoreV1;

    public IAppsV1Operations Apps => client.AppsV1;

    public static async Task<ClientNamespace> OpenAsync(ForgetfulServer forgetful)
    {
        var server = await forgetful.StartedAsync();
        var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(server.Kubeconfig));
        var created = await client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { GenerateName = "csharp-" } });
        return new ClientNamespace(client, created.Metadata.Name);
    }

    /// <summary>Creates a StatefulSet of nginx and waits until its pods are ready.</summary>
    public async Task CreateSetAsync(int replicas, bool claims = false)
    {
        await Apps.CreateNamespacedStatefulSetAsync(NewSet(replicas, claims), Name);
        await ReadyAsync(replicas);
    }

    public Task<V1StatefulSet> ReadSetAsync() => Apps.ReadNamespacedStatefulSetAsync(Set, Name);

    public Task ReadyAsync(int replicas) => Deadline.WaitAsync(
        Limit,
        async () => await ReadSetAsync() is var set
            && set.Status.ObservedGeneration == set.Metadata.Generation
            && set.Status.Replicas == replicas
            && set.Status.CurrentRevision == set.Status.UpdateRevision
            && (set.Status.ReadyReplicas ?? 0) == replicas,
        () => $"the set has not {replicas} ready pods");

    public async Task<IEnumerable<string>> PodNamesAsync(string? labels = null, string? fields = null) =>
        (await Core.ListNamespacedPodAsync(Name, labelSelector: labels, fieldSelector: fields)).Items.Select(pod => pod.Metadata.Name);

    public static Task UntilAsync(Func<Task<bool>> condition, string what) => Deadline.WaitAsync(Limit, condition, () => $"it is not so that {what}");

    /// <summary>The request is refused with this Status, which is given out for a closer look.</summary>
    public static async Task<(V1Status Status, HttpResponseMessageWrapper Response)> RefusedAsync(
        HttpStatusCode code, string reason, string text, Func<Task> request)
    {
        var refusal = await Assert.ThrowsAsync<HttpOperationException>(request);
        var status = KubernetesJson.Deserialize<V1Status>(refusal.Response.Content);
        Assert.Equal((code, "Status", (int)code, reason), (refusal.Response.StatusCode, status.Kind, status.Code, status.Reason));
        Assert.Contains(text, status.Message, StringComparison.Ordinal);
        return (status, refusal.Response);
    }

    public async ValueTask DisposeAsync()
    {
        await Core.DeleteNamespaceAsync(Name);

        // What is in it goes first, and those changes are none that the next test should meet.
        await UntilAsync(async () => (await Core.ListNamespaceAsync(fieldSelector: $"metadata.name={Name}")).Items.Count == 0, "the namespace is gone");
        client.Dispose();
    }

    private static V1StatefulSet NewSet(int replicas, bool claims) => new()
    {
        Metadata = new V1ObjectMeta { Name = Set },
        Spec = new V1StatefulSetSpec
        {
            ServiceName = "nginx",
            Replicas = replicas,
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = Set } },
            Template = new V1PodTemplateSpec
            {
                Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = Set } },
                Spec = new V1PodSpec { Containers = [new V1Container { Name = "nginx", Image = "nginx" }] },
            },
            VolumeClaimTemplates = claims ? [NewClaim()] : null,
        },
    };

    private static V1PersistentVolumeClaim NewClaim() => new()
    {
        Metadata = new V1ObjectMeta { Name = "www" },
        Spec = new V1PersistentVolumeClaimSpec
        {
            AccessModes = ["ReadWriteOnce"],
            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } },
        },
    };
}
