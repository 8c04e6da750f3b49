using k8s.Models;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Tests.Disruption;

/// <summary>Evictions of many clients at once against one budget.</summary>
public sealed class EvictionTests
{
    private static readonly ObjectKey Guard = ResourceKinds.PodDisruptionBudgets.Key("default", "guard");

    [Fact]
    public async Task Of_evictions_at_the_same_moment_only_as_many_pass_as_the_budget_allows()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await StartGuardedAsync(cluster, replicas: 6, minAvailable: 4);
        using var ready = new ReadyPods(cluster);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(ordinal => TryEvictAsync(cluster, $"web-{ordinal}", silo: ordinal % 2)));

        Assert.InRange(answers.Count(refusal => refusal is null), 1, 6);
        Assert.All(answers.OfType<ApiException>(), refusal => Assert.Equal(429, refusal.Code));
        await cluster.UntilAsync("6 ready pods again", replica => Sets.AreReady(replica, "web", 6) && Status(replica).DisruptionsAllowed == 2, sweeping: true);
        Assert.True(Status(cluster.Replica()).DisruptedPods is not { Count: > 0 });
        Assert.True(ready.Least() >= 4, $"only {ready.Least()} pods were ready at one moment");
    }

    [Fact]
    public async Task A_dry_run_and_a_precondition_that_fails_leave_the_pod_where_it_is()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await StartGuardedAsync(cluster, replicas: 3, minAvailable: 2);
        var uids = Sets.Uids(cluster.Replica(), "web");

        Assert.Null(await TryEvictAsync(cluster, "web-0", dryRun: true));
        Assert.Equal(1, Status(cluster.Replica()).DisruptionsAllowed);
        var refusal = await TryEvictAsync(cluster, "web-0", new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = "another" } });

        Assert.Equal(409, refusal?.Code);
        Assert.Equal(uids, Sets.Uids(cluster.Replica(), "web"));
    }

    [Fact]
    public async Task A_pod_with_two_budgets_cannot_be_evicted()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await StartGuardedAsync(cluster, replicas: 3, minAvailable: 1);
        await cluster.CreateAsync(Budget("second", 1));

        var refusal = await TryEvictAsync(cluster, "web-0");

        Assert.Equal(500, refusal?.Code);
        Assert.Equal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.", refusal?.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Evictions_go_on_without_the_silo_of_the_budget(bool kill)
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await StartGuardedAsync(cluster, replicas: 24, minAvailable: 0);
        static bool IsOfBudget(TracedMessage message) => message.Key == Guard.ToString();
        var writer = cluster.Service<IClusterWriter>(cluster.SiloWithout(IsOfBudget));
        var uids = Sets.Uids(cluster.Replica(cluster.SiloWithout(IsOfBudget)), "web");

        var evicting = Enumerable.Range(0, 12).Select(ordinal => TryEvictAsync(writer, $"web-{ordinal}")).ToList();
        var losing = cluster.LoseSiloOfAsync(IsOfBudget, kill);
        evicting.AddRange(Enumerable.Range(12, 12).Select(ordinal => TryEvictAsync(writer, $"web-{ordinal}")));
        await losing;

        Assert.All(await Task.WhenAll(evicting), Assert.Null);
        await cluster.UntilAsync("24 ready pods, all new", replica => Sets.AreReady(replica, "web", 24) && !Sets.Uids(replica, "web").Values.Intersect(uids.Values).Any(), sweeping: true);
    }

    [Theory]
    [InlineData("Grant", false)]
    [InlineData("MarkDisrupted", false)]
    [InlineData("Write", false)]
    [InlineData("Grant", true)]
    [InlineData("MarkDisrupted", true)]
    [InlineData("Write", true)]
    public async Task An_eviction_that_waits_in_vain_for_an_answer_is_carried_out_once(string method, bool isDone)
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await StartGuardedAsync(cluster, replicas: 3, minAvailable: 2);
        var uids = Sets.Uids(cluster.Replica(), "web");
        var unanswered = 0;
        bool IsUnanswered(TracedMessage message) =>
            message.Method == method && (message.Key == Guard.ToString() || message.Key.Contains("web-0", StringComparison.Ordinal)) && Interlocked.Increment(ref unanswered) == 1;
        cluster.Trace.IsAwaitedInVain = message => !isDone && IsUnanswered(message);
        cluster.Trace.IsAnswerAwaitedInVain = message => isDone && IsUnanswered(message);

        Assert.Null(await TryEvictAsync(cluster, "web-0"));

        Assert.InRange(unanswered, isDone ? 1 : 2, int.MaxValue);
        IEnumerable<string> New(Replica replica) => Sets.Uids(replica, "web").Where(pod => uids[pod.Key] != pod.Value).Select(pod => pod.Key);
        await cluster.UntilAsync("another web-0", replica => Sets.AreReady(replica, "web", 3) && New(replica).Any() && Status(replica).DisruptionsAllowed == 1, sweeping: true);
        Assert.Equal(["web-0"], New(cluster.Replica()));
    }

    private static async Task StartGuardedAsync(TestCluster cluster, int replicas, int minAvailable)
    {
        await cluster.CreateAsync(Sets.New("web", replicas, "Parallel"));
        await cluster.CreateAsync(Budget("guard", minAvailable));
        await cluster.UntilAsync(
            "a counted budget", replica => Sets.AreReady(replica, "web", replicas) && replica.Find(Guard) is not null && Status(replica).DisruptionsAllowed == replicas - minAvailable, sweeping: true);
    }

    private static V1PodDisruptionBudget Budget(string name, int minAvailable) => new()
    {
        ApiVersion = "policy/v1",
        Kind = "PodDisruptionBudget",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1PodDisruptionBudgetSpec
        {
            MinAvailable = minAvailable,
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
        },
    };

    private static V1PodDisruptionBudgetStatus Status(Replica replica) => replica.Find(Guard)!.As<V1PodDisruptionBudget>().Status;

    private static Task<ApiException?> TryEvictAsync(TestCluster cluster, string pod, V1DeleteOptions? options = null, bool dryRun = false, int silo = 0) =>
        TryEvictAsync(cluster.Service<IClusterWriter>(silo), pod, options, dryRun);

    private static async Task<ApiException?> TryEvictAsync(IClusterWriter writer, string pod, V1DeleteOptions? options = null, bool dryRun = false)
    {
        var eviction = new V1Eviction
        {
            ApiVersion = "policy/v1",
            Kind = "Eviction",
            Metadata = new V1ObjectMeta { Name = pod, NamespaceProperty = "default" },
            DeleteOptions = options,
        };
        try
        {
            WriteResponse response = await writer.WriteAsync(
                new WriteRequest
                {
                    Key = ResourceKinds.Pods.Key("default", pod),
                    Verb = WriteVerb.Create,
                    Subresource = "eviction",
                    Body = ObjectJson.Encode(eviction),
                    DryRun = dryRun,
                },
                CancellationToken.None);
            Assert.Equal(pod, response.Object.Key.Name);
            return null;
        }
        catch (ApiException refusal)
        {
            return refusal;
        }
    }
}
