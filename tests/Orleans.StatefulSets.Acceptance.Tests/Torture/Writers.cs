using System.Net;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>Clients that write as kubectl does, each through a silo of chance, and remember what they were told.</summary>
internal sealed class Writers : IAsyncDisposable
{
    public const string Namespace = "default";

    private const int Counters = 2;
    private const int LineWriters = 2;
    private readonly CancellationTokenSource ending = new();
    private readonly List<Task> running = [];
    private readonly TortureClient client;
    private readonly List<CounterWriter> counters;
    private readonly List<SetWriter> sets;
    private readonly SetWriter again;
    private readonly List<LineWriter> lines;
    private readonly RoomWriter rooms;

    public Writers(SiloCluster cluster, History history, int seed)
    {
        client = new TortureClient(cluster, history);
        counters = [.. Enumerable.Range(0, Counters).Select(number => new CounterWriter(client, history, CounterName(number), Chance(number)))];
        sets = [.. TorturedSets.All.Select((set, number) => new SetWriter(client, set.Name, set.Policy, Chance(10 + number)))];
        again = new SetWriter(client, TorturedSets.All[^1].Name, TorturedSets.All[^1].Policy, Chance(19));
        lines = [.. Enumerable.Range(0, LineWriters).Select(number => new LineWriter(client, history, number, Chance(20 + number)))];
        rooms = new RoomWriter(client, history, Chance(30));

        Random Chance(int number) => new((seed * 100) + number);
    }

    /// <summary>Makes the counters and the sets.</summary>
    public async Task PrepareAsync()
    {
        for (var number = 0; number < Counters; number++)
        {
            await client.DemandAsync(
                HttpMethod.Post, $"/api/v1/namespaces/{Namespace}/configmaps",
                $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{CounterName(number)}}}"},"data":{"n":"0"}}""", HttpStatusCode.Created);
        }

        foreach (var (name, policy) in TorturedSets.All)
        {
            await client.DemandAsync(HttpMethod.Post, TorturedSets.PathIn(Namespace), TorturedSets.Manifest(name, policy, TorturedSets.MostReplicas / 2), HttpStatusCode.Created);
        }
    }

    public void Start()
    {
        counters.ForEach(counter => Run(counter.CountAsync, TimeSpan.FromMilliseconds(50)));
        sets.ForEach(set => Run(set.ChangeAsync, TimeSpan.FromMilliseconds(600)));
        Run(again.RecreateAsync, TimeSpan.FromMilliseconds(900));
        lines.ForEach(line => Run(line.WriteAsync, TimeSpan.FromMilliseconds(150)));
        Run(rooms.StepAsync, TimeSpan.FromMilliseconds(1500));
    }

    /// <summary>The writers stop: what they began is answered or given up. Then everything gets its last shape.</summary>
    public async Task FinishAsync()
    {
        await StopAsync();
        await Task.WhenAll([rooms.FinishAsync(), .. sets.Select(set => set.FinishAsync())]);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        client.Dispose();
        ending.Dispose();
    }

    private static string CounterName(int number) => $"counter-{number}";

    private async Task StopAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(running);
    }

    private void Run(Func<Task> step, TimeSpan pause) => running.Add(RunAsync(step, pause));

    private async Task RunAsync(Func<Task> step, TimeSpan pause)
    {
        using var timer = new PeriodicTimer(pause);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                await step();
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }
}
