using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Faults;

/// <summary>A cluster with its clock in hand, and Faults in it.</summary>
internal sealed class FaultScene(TestCluster cluster, ManualClock clock) : IAsyncDisposable
{
    public static readonly DateTime Start = new(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    public TestCluster Cluster => cluster;

    public ManualClock Clock => clock;

    public static async Task<FaultScene> StartAsync(short silos = 1)
    {
        var clock = new ManualClock(Start);
        return new FaultScene(await TestCluster.StartAsync(silos, clock), clock);
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    /// <summary>Creates a Fault, and waits until it has begun, where it begins at once.</summary>
    public async Task<V1alpha1Fault> BeginAsync(string name, V1alpha1FaultSpec spec)
    {
        await cluster.CreateAsync(new V1alpha1Fault { ApiVersion = ResourceKinds.Faults.ApiVersion, Kind = ResourceKinds.Faults.Kind, Metadata = new V1ObjectMeta { Name = name }, Spec = spec });
        await cluster.UntilAsync($"{name} has begun", _ => spec.StartAfter is not null || Fault(name)?.Status?.Phase is FaultPhases.Active or FaultPhases.Finished, sweeping: true);
        return Fault(name)!;
    }

    public async Task LiftAsync(string name)
    {
        await cluster.DeleteAsync(ResourceKinds.Faults.Key("", name));
        await cluster.UntilAsync($"{name} is gone", _ => Fault(name) is null, sweeping: true);
    }

    /// <summary>Moves the clock, and waits until something is so.</summary>
    public async Task AdvanceAsync(double seconds, string what, Func<Replica, bool> condition)
    {
        clock.Advance(TimeSpan.FromSeconds(seconds));
        await cluster.UntilAsync(what, condition, sweeping: true);
    }

    /// <summary>Moves the clock by a second after another until something is so, at most so often.</summary>
    /// <returns>How many seconds it took.</returns>
    public Task<int> PassAsync(int most, string what, Func<Replica, bool> condition) => PassAsync(most, what, () => Task.FromResult(condition(cluster.Replica())));

    /// <inheritdoc cref="PassAsync(int, string, Func{Replica, bool})"/>
    public async Task<int> PassAsync(int most, string what, Func<Task<bool>> condition)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        for (var seconds = 0; ; seconds++)
        {
            await tick.WaitForNextTickAsync();
            if (await condition())
            {
                return seconds;
            }

            Assert.True(seconds < most, $"not within {most} s: {what}");
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    public V1alpha1Fault? Fault(string name) => cluster.Replica().Find(ResourceKinds.Faults.Key("", name))?.As<V1alpha1Fault>();

    public string? Phase(string name) => Fault(name)?.Status?.Phase;

    public int Injections(string name) => Fault(name)?.Status?.Injections ?? 0;

    public V1Node Node(string name) => cluster.Replica().Find(ResourceKinds.Nodes.Key("", name))!.As<V1Node>();

    public V1Pod Pod(string name) => cluster.Replica().Find(ResourceKinds.Pods.Key("default", name))?.As<V1Pod>() ?? new V1Pod { Metadata = new V1ObjectMeta(), Spec = new V1PodSpec { Containers = [] } };

    public V1ContainerStatus? Container(string pod) => Pod(pod).Status?.ContainerStatuses?.FirstOrDefault();

    public Task PatchAsync(ObjectKey key, string patch) => cluster.PatchAsync(key, patch);
}
