using System.Globalization;
using Orleans.StatefulSets.Server.Tests.Samples;
using Xunit.Abstractions;

namespace Orleans.StatefulSets.Server.Tests.Watches;

/// <summary>At any moment a list is the fold of a watch, for every kind, on every silo, and all watches tell one order.</summary>
[Collection("alone")]
public sealed class ListAndWatchTests(TwoSiloCluster cluster, ITestOutputHelper output) : IClassFixture<TwoSiloCluster>
{
    private const int Writes = 1_200;
    private static readonly int[] Usual = [1, 2, 3];

    /// <summary>How many seeds beside the usual ones, and a multiple of the writes of each.</summary>
    private static readonly int More = int.Parse(Environment.GetEnvironmentVariable("WATCH_SEEDS") ?? "0", CultureInfo.InvariantCulture);
    private static readonly int Scale = int.Parse(Environment.GetEnvironmentVariable("WATCH_SCALE") ?? "1", CultureInfo.InvariantCulture);

    public static TheoryData<int> Seeds => [.. Usual, .. Enumerable.Range(100, More)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_list_is_the_fold_of_the_watch_for_every_kind(int seed)
    {
        var kinds = await ServedKind.DiscoverAsync(cluster.Clients[0]);
        var workload = new Workload(cluster.Clients, kinds, seed);
        await workload.PrepareAsync();
        var observations = new List<Observation>();
        try
        {
            foreach (var kind in kinds)
            {
                observations.Add(await Observation.BeginAsync(cluster.Clients, kind, seed));
            }

            var writing = workload.RunAsync(Writes * Scale);
            await ObserveAsync(observations, new Random(seed), writing);
            await writing;
            await Task.WhenAll(observations.Select(observation => observation.EndAsync()));
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"seed {seed}: {failure.Message}\n{string.Join('\n', cluster.Failures)}", failure);
        }
        finally
        {
            observations.ForEach(observation => observation.Dispose());
        }

        output.WriteLine($"seed {seed}: {string.Join(", ", observations.Select(observation => $"{observation.Kind.Plural} {workload.Created(observation.Kind)}/{observation.Events}"))}");
        Assert.All(observations, observation => Assert.True(observation.Events > 0, $"seed {seed}: nothing happened to {observation.Kind}"));
    }

    // Each kind has a few watches, and is compared over and over until the writes are done.
    private static async Task ObserveAsync(List<Observation> observations, Random random, Task writing)
    {
        for (var looks = 0; !writing.IsCompleted || looks < observations.Count * 6; looks++)
        {
            var observation = looks < observations.Count * 2 ? observations[looks % observations.Count] : observations[random.Next(observations.Count)];
            await (looks < observations.Count * 5 && random.Next(3) > 0 ? observation.WatchAsync() : observation.CompareAsync());
        }
    }
}
