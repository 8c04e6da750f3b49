using k8s.Models;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Tests.Quotas;

/// <summary>Quotas in a cluster: what they admit at the same moment, and how they follow what is stored.</summary>
public sealed class ResourceQuotaTests
{
    private static readonly ObjectKey Key = ResourceKinds.ResourceQuotas.Key("default", "compute");

    // "If creating or updating a resource violates a quota constraint, the control plane rejects that request with HTTP status code
    // 403 Forbidden. The error includes a message explaining the constraint that would have been violated."
    [Fact]
    public async Task A_set_gets_the_pods_that_the_quota_allows_and_the_rest_when_it_is_raised()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await CreateQuotaAsync(cluster, ("pods", "5"));
        await cluster.CreateAsync(Sets.New("web", 8, "Parallel"));

        await cluster.UntilAsync("5 ready pods", replica => Sets.AreReady(replica, "web", 5), sweeping: true);

        // They are asked for at once, by grains on two silos: which of them come first nobody says.
        await UntilToldAsync(cluster, [.. Enumerable.Range(0, 8).Select(ordinal =>
            $"create Pod web-{ordinal} in StatefulSet web failed error: pods \"web-{ordinal}\" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=5, limited: pods=5")]);
        Assert.Equal("5", Used(cluster.Replica(), "pods"));

        await PatchAsync(cluster, "{\"spec\":{\"hard\":{\"pods\":\"8\"}}}");

        await cluster.UntilAsync("8 ready pods", replica => Sets.AreReady(replica, "web", 8) && Used(replica, "pods") == "8");
    }

    // "used is the current observed total usage of the resource in the namespace" (ResourceQuotaStatus).
    [Fact]
    public async Task What_is_used_follows_what_is_deleted_and_a_waiting_set_gets_the_room()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await CreateQuotaAsync(cluster, ("pods", "4"), ("persistentvolumeclaims", "10"), ("requests.storage", "5Gi"));
        await cluster.CreateAsync(Sets.New("old", 3, "Parallel", claims: true));
        await cluster.UntilAsync("the first set", replica => Sets.AreReady(replica, "old", 3) && Used(replica, "requests.storage") == "3Gi");
        await cluster.CreateAsync(Sets.New("new", 4, "Parallel"));
        await cluster.UntilAsync("one of the second set", replica => Sets.AreReady(replica, "new", 1) && Used(replica, "pods") == "4", sweeping: true);

        await cluster.DeleteAsync(Sets.Key("old"));

        await cluster.UntilAsync("the second set", replica => Sets.AreReady(replica, "new", 4) && Used(replica, "pods") == "4", sweeping: true);
        Assert.Equal(("3", "3Gi"), (Used(cluster.Replica(), "persistentvolumeclaims"), Used(cluster.Replica(), "requests.storage")));
        await cluster.DeleteAsync(Sets.Key("new"));
        await cluster.UntilAsync("nothing in use", replica => Used(replica, "pods") == "0", sweeping: true);
    }

    [Fact]
    public async Task Creates_of_many_clients_on_two_silos_never_exceed_the_quota()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        // One ConfigMap is in every namespace.
        await CreateQuotaAsync(cluster, ("pods", "20"), ("count/configmaps", "8"));

        using var writes = cluster.Replica().Watch(ResourceKinds.ResourceQuotas.Resource, "default", cluster.Replica().Head);
        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(number => number % 2 == 0
            ? TryCreateAsync(cluster, Pod($"p-{number}"), silo: number / 2 % 2)
            : TryCreateAsync(cluster, ConfigMap($"c-{number}"), silo: number / 2 % 2)));

        Assert.Equal(27, answers.Count(refusal => refusal is null));
        Assert.All(answers.OfType<ApiException>(), refusal => Assert.Equal(403, refusal.Code));
        await cluster.UntilAsync("all of it known", replica => Count(replica, "pods") == 20 && Count(replica, "configmaps") == 7);
        Assert.Equal(("20", "8"), (Used(cluster.Replica(), "pods"), Used(cluster.Replica(), "count/configmaps")));
        var written = 0;
        while (writes.TryRead(out _))
        {
            written++;
        }

        Assert.True(written < 27, $"the quota was written {written} times for 27 objects");
    }

    [Fact]
    public async Task What_one_quota_granted_is_given_back_when_the_next_refuses_or_the_object_exists()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await CreateQuotaAsync(cluster, ("pods", "5"));
        await cluster.CreateAsync(Quota("tight", ("requests.cpu", "1")));
        await cluster.CreateAsync(Pod("first", "600m"));

        var exceeded = await TryCreateAsync(cluster, Pod("second", "600m"));
        var unspecified = await TryCreateAsync(cluster, Pod("second"));
        var doubled = await TryCreateAsync(cluster, Pod("first", "100m"));

        Assert.Equal("pods \"second\" is forbidden: exceeded quota: tight, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1", exceeded?.Message);
        Assert.Equal("pods \"second\" is forbidden: failed quota: tight: must specify requests.cpu for: nginx", unspecified?.Message);
        Assert.Equal(409, doubled?.Code);
        await cluster.UntilAsync("one pod in use", replica => Used(replica, "pods") == "1" && Used(replica, "requests.cpu", "tight") == "600m");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_quota_holds_and_its_count_is_right_again_when_its_silo_is_lost_in_the_middle(bool kill)
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await CreateQuotaAsync(cluster, ("pods", "40"));
        await cluster.CreateAsync(Sets.New("web", 60, "Parallel"));
        await cluster.UntilAsync("the first charges", replica => Count(replica, "pods") is > 5 and < 40);

        await cluster.LoseSiloOfAsync(message => message.Key == Key.ToString(), kill);

        HashSet<string> names = [];
        await cluster.UntilAsync(
            "as many pods as the quota allows",
            replica => (names = [.. Sets.Pods(replica, "web").Select(pod => pod.Metadata.Name)]).Count == 40 && Used(replica, "pods") == "40", sweeping: true);
        Assert.Equal(403, (await TryCreateAsync(cluster, Pod("one-more")))?.Code);

        // Which 40 were the first is chance, and a set that is refused a pod deletes none (upstream's processReplica goes before processCondemned).
        var whole = Math.Min(30, Enumerable.Range(0, 40).TakeWhile(ordinal => names.Contains($"web-{ordinal}")).Count());
        await cluster.ScaleAsync(Sets.Key("web"), whole);
        await cluster.UntilAsync("the room that was given back", replica => Sets.AreReady(replica, "web", whole) && Used(replica, "pods") == $"{whole}", sweeping: true);
        Assert.Null(await TryCreateAsync(cluster, Pod("one-more")));
    }

    [Fact]
    public async Task A_set_whose_claim_is_refused_says_so_and_goes_on_when_there_is_room()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await CreateQuotaAsync(cluster, ("requests.storage", "1Gi"));
        await cluster.CreateAsync(Sets.New("web", 2, "Parallel", claims: true));
        await UntilToldAsync(
            cluster,
            "create Claim data-web-1 for Pod web-1 in StatefulSet web failed error: persistentvolumeclaims \"data-web-1\" is forbidden: exceeded quota: compute,"
            + " requested: requests.storage=1Gi, used: requests.storage=1Gi, limited: requests.storage=1Gi");

        await PatchAsync(cluster, "{\"spec\":{\"hard\":{\"requests.storage\":\"2Gi\"}}}");

        await cluster.UntilAsync("both pods", replica => Sets.AreReady(replica, "web", 2) && Used(replica, "requests.storage") == "2Gi");
    }

    // "admission … should check quota but not charge it" (dryRun=All).
    [Fact]
    public async Task A_dry_run_is_refused_as_a_write_would_be_and_charges_nothing()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await CreateQuotaAsync(cluster, ("pods", "1"));

        Assert.Null(await TryCreateAsync(cluster, Pod("a"), dryRun: true));
        Assert.Equal("0", Used(cluster.Replica(), "pods"));
        Assert.Null(await TryCreateAsync(cluster, Pod("a")));
        Assert.Equal(403, (await TryCreateAsync(cluster, Pod("b"), dryRun: true))?.Code);
    }

    [Fact]
    public async Task A_service_that_becomes_a_node_port_is_charged_for_what_it_did_not_use_before()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        // The Service kubernetes is there already.
        await CreateQuotaAsync(cluster, ("services", "2"), ("services.nodeports", "0"));
        await cluster.CreateAsync(new V1Service
        {
            ApiVersion = "v1",
            Kind = "Service",
            Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default" },
            Spec = new V1ServiceSpec { Ports = [new V1ServicePort { Port = 80 }] },
        });

        var refusal = await RefusalOf(() => cluster.PatchAsync(ResourceKinds.Services.Key("default", "web"), "{\"spec\":{\"type\":\"NodePort\"}}"));

        Assert.Equal(
            "services \"web\" is forbidden: exceeded quota: compute, requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0", refusal?.Message);
        await cluster.PatchAsync(ResourceKinds.Services.Key("default", "web"), "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
    }

    private static async Task CreateQuotaAsync(TestCluster cluster, params (string Name, string Amount)[] hard)
    {
        await cluster.CreateAsync(Quota(Key.Name, hard));
        await cluster.UntilAsync("a counted quota", replica => StatusOf(replica, Key.Name)?.Hard?.Count == hard.Length);
        foreach (var silo in Enumerable.Range(0, cluster.Silos.Count))
        {
            await cluster.Replica(silo).WaitForHeadAsync(CancellationToken.None);
        }
    }

    private static V1ResourceQuota Quota(string name, params (string Name, string Amount)[] hard) => new()
    {
        ApiVersion = "v1",
        Kind = "ResourceQuota",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1ResourceQuotaSpec { Hard = hard.ToDictionary(pair => pair.Name, pair => new ResourceQuantity(pair.Amount)) },
    };

    private static V1Pod Pod(string name, string? cpu = null) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Labels = new Dictionary<string, string> { ["app"] = "bare" } },
        Spec = new V1PodSpec
        {
            Containers =
            [
                new V1Container
                {
                    Name = "nginx",
                    Image = "nginx",
                    Resources = cpu is null ? null : new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cpu) } },
                },
            ],
        },
    };

    private static V1ConfigMap ConfigMap(string name) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
    };

    private static Task<ApiException?> TryCreateAsync(TestCluster cluster, object model, int silo = 0, bool dryRun = false)
    {
        var metadata = ((IMetadata<V1ObjectMeta>)model).Metadata;
        return RefusalOf(() => cluster.WriteAsync(
            new WriteRequest
            {
                Key = ResourceKinds.Of(model.GetType()).Key("default", metadata.Name),
                Verb = WriteVerb.Create,
                Body = ObjectJson.Encode(model),
                DryRun = dryRun,
            },
            silo));
    }

    private static async Task<ApiException?> RefusalOf(Func<Task<WriteResponse>> write)
    {
        try
        {
            await write();
            return null;
        }
        catch (ApiException refusal)
        {
            return refusal;
        }
    }

    private static Task PatchAsync(TestCluster cluster, string patch) => cluster.PatchAsync(Key, patch);

    private static Task UntilToldAsync(TestCluster cluster, params string[] messages) => cluster.UntilAsync("an event: " + messages[0], _ =>
        cluster.Service<ReplicaSet>(0).List(ResourceKinds.Events.Resource, "default").Any(item => item.As<Corev1Event>() is { Reason: "FailedCreate" } told && messages.Contains(told.Message)));

    private static int Count(Replica replica, string resource) =>
        replica.List(resource, "default").Count(item => item.Key.Name != "kube-root-ca.crt");

    private static V1ResourceQuotaStatus? StatusOf(Replica replica, string name) =>
        replica.Find(ResourceKinds.ResourceQuotas.Key("default", name))?.As<V1ResourceQuota>().Status;

    private static string? Used(Replica replica, string resource, string quota = "compute") => StatusOf(replica, quota)?.Used?[resource].ToString();
}
