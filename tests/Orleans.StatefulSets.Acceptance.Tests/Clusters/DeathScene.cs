using System.Diagnostics;
using System.Text.Json;
using Orleans.StatefulSets.Acceptance.Tests.Crashes;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Xunit.Abstractions;

namespace Orleans.StatefulSets.Acceptance.Tests.Clusters;

/// <summary>
/// One silo is about to die. Clients write through all of them; one watch is open on a survivor, another on the silo that dies, and goes on
/// elsewhere. Whatever the cluster does meanwhile, to them it keeps what it promises.
/// </summary>
internal sealed class DeathScene : IAsyncDisposable
{
    private readonly DeathCluster cluster;
    private readonly ServerProcess victim;
    private readonly ServerProcess survivor;
    private readonly List<SteadyWriter> writers = [];
    private PodHistory bereaved = null!;
    private long death;

    private DeathScene(DeathCluster cluster, ServerProcess victim, ServerProcess survivor, KubectlSession kubectl) =>
        (this.cluster, this.victim, this.survivor, Kubectl) = (cluster, victim, survivor, kubectl);

    /// <summary>A kubectl of a survivor, in the namespace of the scene.</summary>
    public KubectlSession Kubectl { get; }

    /// <summary>What a watch on a survivor shows.</summary>
    public PodHistory History { get; private set; } = null!;

    /// <param name="cluster">Whose silos all live.</param>
    /// <param name="victim">Which of them is to die.</param>
    /// <param name="namespace">Where it happens.</param>
    /// <param name="what">A word for what happens, another one in each scene.</param>
    public static async Task<DeathScene> BeginAsync(DeathCluster cluster, ServerProcess victim, string @namespace, string what)
    {
        var survivors = (await cluster.AliveAsync()).Where(silo => silo != victim).ToList();
        var scene = new DeathScene(cluster, victim, survivors[0], survivors[0].Open(KubectlVersion.Newest, @namespace));
        scene.History = await PodHistory.StartAsync(survivors[0]);
        scene.bereaved = await PodHistory.StartAsync(victim, survivors);
        scene.History.Limit = scene.bereaved.Limit = DeathCluster.Limit;
        scene.writers.AddRange(((ServerProcess[])[.. survivors, victim]).Select(silo => new SteadyWriter(silo, $"{what}-{silo.Url.Port}")));
        return scene;
    }

    /// <summary>Kills the silo as soon as so many changes of a kind were seen.</summary>
    /// <param name="count">How many of all that are to come; those after them come after the death.</param>
    /// <param name="of">How many are to come.</param>
    /// <param name="counts">Which changes.</param>
    public async Task KillAfterAsync(int count, int of, Func<PodChange, bool> counts)
    {
        await History.UntilAsync(count, counts);
        await KillAsync();
        Assert.InRange(History.Changes.Count(counts), count, of - 1);
    }

    /// <summary>Kills the silo.</summary>
    public Task KillAsync()
    {
        death = Stopwatch.GetTimestamp();
        return victim.KillAsync();
    }

    /// <summary>Asks again until a command of kubectl that waits itself has seen what it waits for.</summary>
    public Task UntilAsync(string command) => Deadline.WaitAsync(
        DeathCluster.Limit, async () => (await Kubectl.RunAsync($"{command} --timeout=30s")).ExitCode == 0, () => $"in vain: {command}");

    /// <summary>The work is done: what was promised to everybody was kept.</summary>
    public async Task EndAsync(ITestOutputHelper output)
    {
        await History.CatchUpAsync();
        await bereaved.CatchUpAsync();
        foreach (var writer in writers)
        {
            await writer.StopAsync();
        }

        output.WriteLine(string.Join(", ", writers.Select(writer => $"{writer.Acknowledged.Count} writes, the longest {writer.LongestSince(0).TotalMilliseconds:F0} ms, after the death {writer.LongestSince(death).TotalMilliseconds:F0} ms")));
        output.WriteLine($"{History.Changes.Count} changes of pods");
        foreach (var writer in writers.SkipLast(1))
        {
            Assert.Empty(writer.Failures);
            Assert.InRange(writer.LongestSince(death), TimeSpan.Zero, DeathCluster.Failover);
        }

        Assert.Empty(writers.SelectMany(writer => writer.Acknowledged).Except(await MapsAsync()));
        History.AssertOneOfEachName();
        bereaved.AssertOneOfEachName();
        Assert.Equal((1, 1), (History.Lists, bereaved.Lists));
        Assert.Equal(Common(History, bereaved), Common(bereaved, History));
        await cluster.AssertTheBystanderIsUnharmedAsync(survivor);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in writers)
        {
            await writer.DisposeAsync();
        }

        await History.DisposeAsync();
        await bereaved.DisposeAsync();
    }

    // The two did not begin at the same moment.
    private static IEnumerable<PodChange> Common(PodHistory history, PodHistory other) =>
        history.Changes.SkipWhile(change => change.Version < other.Changes[0].Version);

    private async Task<IEnumerable<string>> MapsAsync()
    {
        using var list = JsonDocument.Parse(await survivor.Client.GetStringAsync("/api/v1/namespaces/default/configmaps"));
        return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(map => map.GetProperty("metadata").GetProperty("name").GetString()!)];
    }
}
