using Orleans.StatefulSets.Server.Tests.Samples;

namespace Orleans.StatefulSets.Server.Tests.Watches;

/// <summary>Watches and lists of one kind while the cluster changes, and what they say of each other.</summary>
internal sealed class Observation : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly IReadOnlyList<HttpClient> clients;
    private readonly ListedState first;
    private readonly Watcher reference;
    private readonly List<Watcher> watchers = [];
    private readonly List<long> remembered;
    private readonly Random random;

    private Observation(IReadOnlyList<HttpClient> clients, ServedKind kind, ListedState first, Watcher reference, Random random)
    {
        (this.clients, Kind, this.first, this.reference, this.random) = (clients, kind, first, reference, random);
        remembered = [first.Version];
    }

    public ServedKind Kind { get; }

    /// <summary>How many events there were.</summary>
    public int Events => reference.Events.Count;

    private WatchHistory History => new(first.Version, first.Items, reference.Events);

    public static async Task<Observation> BeginAsync(IReadOnlyList<HttpClient> clients, ServedKind kind, int seed)
    {
        var all = new WatchScope(kind);
        var first = await ListedState.TakeAsync(clients[0], all);
        var reference = await Watcher.OpenAsync(clients[0], all, $"&allowWatchBookmarks=true&resourceVersion={first.Version}", first.Version);
        return new Observation(clients, kind, first, reference, new Random(seed));
    }

    /// <summary>Opens one more watch, of something, from somewhere, on one of the silos.</summary>
    public async Task WatchAsync()
    {
        var (scope, client) = (AnyScope(), clients[random.Next(clients.Count)]);
        var listed = await ListedState.TakeAsync(client, scope);
        remembered.Add(listed.Version);
        var older = remembered[random.Next(remembered.Count)];
        var bookmarks = random.Next(4) > 0 ? "&allowWatchBookmarks=true" : "";
        var (query, start) = random.Next(6) switch
        {
            0 => ("", (long?)null),
            1 => ("&resourceVersion=0", null),
            2 => ("&sendInitialEvents=true&resourceVersionMatch=NotOlderThan", null),
            3 => ($"&resourceVersion={listed.Version}&timeoutSeconds=1", listed.Version),
            4 => ($"&resourceVersion={older}", older),
            _ => ($"&resourceVersion={listed.Version}", listed.Version),
        };
        var watcher = await Watcher.OpenAsync(client, scope, bookmarks + query, start);

        // Where it begins with the state, that is one from before this list.
        watcher.Floor = start ?? (await ListedState.TakeAsync(clients[0], new WatchScope(Kind, Name: "none"))).Version;
        watchers.Add(watcher);
    }

    /// <summary>Lists, waits until the watches are there, and compares the list with their folds.</summary>
    public async Task CompareAsync()
    {
        var scope = AnyScope();
        var list = await ListedState.TakeAsync(clients[random.Next(clients.Count)], scope, random.Next(2) * random.Next(1, 4));
        remembered.Add(list.Version);
        await UntilAsync(() => reference.HasTold(list.Version), reference, list.Version);
        Same($"the list of {scope} at {list.Version} and the fold of the watch", History.StateAt(list.Version, scope), list.Items);
        foreach (var watcher in watchers.Where(watcher => watcher.Floor <= list.Version && watcher.HasTold(list.Version)).ToList())
        {
            Same($"the fold of {watcher} and the list at {list.Version}", History.StateAt(list.Version, watcher.Scope), Fold(watcher, list.Version));
        }
    }

    /// <summary>When all is quiet: every watch told what there was to tell, in the one order, and nothing else.</summary>
    public async Task EndAsync()
    {
        var list = await ListedState.TakeAsync(clients[1], new WatchScope(Kind));
        await UntilAsync(() => reference.HasTold(list.Version), reference, list.Version);
        Assert.True(reference.Error is null, $"{reference}: {reference.Error}");
        Assert.True(History.Contradiction() is null, $"{reference}: {History.Contradiction()}");
        Same($"the list of {Kind} at {list.Version} and the fold of the watch", History.StateAt(list.Version, reference.Scope), list.Items);
        foreach (var watcher in watchers)
        {
            var due = History.EventsOf(watcher.Scope, watcher.Floor, list.Version);
            await UntilAsync(() => watcher.HasEnded || due.Count == 0 || watcher.Reached >= due[^1].Object.Version, watcher, list.Version);
            Assert.True(watcher.Error is null, $"{watcher}: {watcher.Error}");
            var upTo = Math.Min(watcher.Reached, list.Version);
            Same(
                $"the events of {watcher} from {watcher.Floor} to {upTo}",
                [.. due.Where(change => change.Object.Version <= upTo)],
                [.. watcher.Events.Where(change => change.Object.Version > watcher.Floor && change.Object.Version <= upTo)]);
            if (!watcher.HasEnded && watcher.Floor <= list.Version)
            {
                Same($"the fold of {watcher} and the list at {list.Version}", History.StateAt(list.Version, watcher.Scope), Fold(watcher, list.Version));
            }
        }
    }

    public void Dispose()
    {
        reference.Dispose();
        watchers.ForEach(watcher => watcher.Dispose());
    }

    private WatchScope AnyScope()
    {
        var @namespace = Kind.Namespaced && random.Next(2) == 0 ? Workload.Namespaces[random.Next(Workload.Namespaces.Length)] : "";
        return random.Next(5) switch
        {
            0 => new WatchScope(Kind, @namespace, Name: $"n{random.Next(5)}"),
            1 or 2 => new WatchScope(Kind, @namespace, SampleObjects.Tiers[random.Next(SampleObjects.Tiers.Count)]),
            _ => new WatchScope(Kind, @namespace),
        };
    }

    private IReadOnlyList<ObservedObject> Fold(Watcher watcher, long version)
    {
        var state = (watcher.Start is { } start ? History.StateAt(start, watcher.Scope) : []).ToDictionary(item => item.Key);
        foreach (var change in watcher.Events.Where(change => change.Object.Version <= version))
        {
            WatchHistory.Apply(state, change);
        }

        return WatchHistory.InOrder(state.Values);
    }

    private static void Same<T>(string what, IReadOnlyList<T> expected, IReadOnlyList<T> actual)
        where T : notnull
    {
        if (expected.SequenceEqual(actual))
        {
            return;
        }

        var at = expected.Zip(actual).TakeWhile(pair => pair.First.Equals(pair.Second)).Count();
        var (wanted, found) = (expected.ElementAtOrDefault(at), actual.ElementAtOrDefault(at));
        Assert.Fail($"{what} differ at {at} of {expected.Count} and {actual.Count}: {wanted} and {found}\n{TextOf(wanted)}\n{TextOf(found)}");
    }

    private static string? TextOf(object? item) => (item as ObservedObject ?? (item as WatchEvent)?.Object)?.Text;

    private static async Task UntilAsync(Func<bool> condition, Watcher watcher, long version)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.True(watcher.Error is null, $"{watcher}: {watcher.Error}");
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{watcher} is at {watcher.Reached} and does not come to {version}");
            await tick.WaitForNextTickAsync();
        }
    }
}
