using System.Globalization;
using System.Net;
using System.Text.Json;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Crashes;

/// <summary>
/// What one client has seen of all pods, across kills of the server: it lists once and then watches, and watches on from the last
/// version that it saw, as client-go's reflector does, through another server where it was told of one. Where the server has forgotten
/// that version it lists again, and what the list lacks it takes as deleted.
/// </summary>
internal sealed class PodHistory : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly IReadOnlyList<ServerProcess> servers;
    private readonly CancellationTokenSource ending = new();
    private readonly Dictionary<string, string> living = new(StringComparer.Ordinal);
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);
    private readonly List<PodChange> changes = [];
    private readonly List<Awaited> awaited = [];
    private readonly List<string> faults = [];
    private readonly Task following;
    private int turn;
    private long version;

    private PodHistory(IReadOnlyList<ServerProcess> servers)
    {
        this.servers = servers;
        following = FollowAsync();
    }

    /// <summary>How long may take what is waited for here.</summary>
    public TimeSpan Limit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often it had to list.</summary>
    public int Lists { get; private set; }

    /// <summary>All that the watches told, in their order.</summary>
    public IReadOnlyList<PodChange> Changes
    {
        get
        {
            lock (living)
            {
                return [.. changes];
            }
        }
    }

    private ServerProcess Server => servers[turn % servers.Count];

    /// <param name="server">Who is asked.</param>
    /// <param name="others">Who is asked, in turns, where that one does not answer.</param>
    public static async Task<PodHistory> StartAsync(ServerProcess server, params IEnumerable<ServerProcess> others)
    {
        var history = new PodHistory([server, .. others]);
        await Deadline.WaitAsync(StartLimit, () => Interlocked.Read(ref history.version) > 0, () => "the pods were not listed");
        return history;
    }

    /// <summary>Waits until so many changes of a kind were told; returns at that very moment, so that one can be in time for what comes next.</summary>
    public Task UntilAsync(int count, Func<PodChange, bool> counts)
    {
        var one = new Awaited(count, counts);
        lock (living)
        {
            changes.ForEach(one.Take);
            awaited.Add(one);
        }

        return one.Reached.WaitAsync(Limit);
    }

    /// <summary>Waits until this history has come to what the server holds now.</summary>
    public async Task CatchUpAsync()
    {
        var (_, pods) = await ListAsync();
        await Deadline.WaitAsync(Limit, () => Lives(pods), () => "the watch did not come to what the list holds");
    }

    /// <summary>No name was ever borne by two pods at once, no pod came back from the dead, no change went unreported.</summary>
    public void AssertOneOfEachName()
    {
        lock (living)
        {
            Assert.Empty(faults);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await following;
        ending.Dispose();
    }

    private async Task FollowAsync()
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await pause.WaitForNextTickAsync(ending.Token);
                if (version == 0)
                {
                    await ListAgainAsync();
                }

                await WatchAsync();
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                // The server is down or was killed in the middle of a line: ask again, or another one, from the last whole one.
                turn++;
            }
        }
    }

    private async Task ListAgainAsync()
    {
        var (head, pods) = await ListAsync();
        lock (living)
        {
            foreach (var (name, uid) in living.Where(pod => pods.GetValueOrDefault(pod.Key) != pod.Value).ToList())
            {
                Remove(name, uid);
            }

            foreach (var (name, uid) in pods)
            {
                See(name, uid);
            }
        }

        Lists++;
        Interlocked.Exchange(ref version, head);
    }

    private async Task<(long Version, Dictionary<string, string> Uids)> ListAsync()
    {
        using var list = JsonDocument.Parse(await Server.Client.GetStringAsync("/api/v1/pods", ending.Token));
        var pods = list.RootElement.GetProperty("items").EnumerateArray().ToDictionary(NameOf, pod => Metadata(pod, "uid"), StringComparer.Ordinal);
        return (VersionOf(list.RootElement), pods);
    }

    private async Task WatchAsync()
    {
        var path = $"/api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion={version}";
        using var response = await Server.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ending.Token);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            version = 0;
            return;
        }

        using var reader = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(ending.Token));
        while (await reader.ReadLineAsync(ending.Token) is { } line)
        {
            using var change = JsonDocument.Parse(line);
            if (!Observe(change.RootElement.GetProperty("type").GetString(), change.RootElement.GetProperty("object")))
            {
                version = 0;
                return;
            }
        }
    }

    private bool Observe(string? type, JsonElement pod)
    {
        if (type == "ERROR")
        {
            return false;
        }

        var now = VersionOf(pod);
        lock (living)
        {
            if (type == "BOOKMARK" ? now < version : now <= version)
            {
                faults.Add($"{type} of {now} was told after {version}");
            }

            if (type != "BOOKMARK")
            {
                Take(new PodChange(type!, NameOf(pod), Metadata(pod, "uid"), now, IsReady(pod)));
            }
        }

        Interlocked.Exchange(ref version, now);
        return true;
    }

    private void Take(PodChange change)
    {
        if (change.Type == "DELETED")
        {
            Remove(change.Name, change.Uid);
        }
        else
        {
            var wasThere = living.GetValueOrDefault(change.Name) == change.Uid;
            if (wasThere == (change.Type == "ADDED"))
            {
                faults.Add($"{change} was told of one that was {(wasThere ? "there" : "not there")}");
            }

            See(change.Name, change.Uid);
        }

        changes.Add(change);
        awaited.ForEach(one => one.Take(change));
        awaited.RemoveAll(one => one.Reached.IsCompleted);
    }

    private bool Lives(Dictionary<string, string> pods)
    {
        lock (living)
        {
            return living.Count == pods.Count && living.All(pod => pods.GetValueOrDefault(pod.Key) == pod.Value);
        }
    }

    private void See(string name, string uid)
    {
        if (gone.Contains(uid))
        {
            faults.Add($"{name} {uid} was seen after it was gone");
        }

        if (living.TryGetValue(name, out var before) && before != uid)
        {
            faults.Add($"{name} {uid} was seen while {before} was there");
        }

        living[name] = uid;
    }

    private void Remove(string name, string uid)
    {
        if (!living.Remove(name, out var before) || before != uid)
        {
            faults.Add($"{name} {uid} went, but {before ?? "nobody"} was there");
        }

        gone.Add(uid);
    }

    private static bool IsReady(JsonElement pod) =>
        pod.GetProperty("status").TryGetProperty("conditions", out var conditions)
        && conditions.EnumerateArray().Any(condition => condition.GetProperty("type").GetString() == "Ready" && condition.GetProperty("status").GetString() == "True");

    private static long VersionOf(JsonElement item) => long.Parse(Metadata(item, "resourceVersion"), CultureInfo.InvariantCulture);

    private static string NameOf(JsonElement pod) => $"{Metadata(pod, "namespace")}/{Metadata(pod, "name")}";

    private static string Metadata(JsonElement item, string field) => item.GetProperty("metadata").GetProperty(field).GetString()!;

    private sealed class Awaited(int left, Func<PodChange, bool> counts)
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => reached.Task;

        public void Take(PodChange change)
        {
            if (counts(change) && --left == 0)
            {
                reached.SetResult();
            }
        }
    }
}

/// <summary>What a watch told of a pod.</summary>
/// <param name="Type">ADDED, MODIFIED or DELETED.</param>
/// <param name="Name">With the namespace.</param>
/// <param name="Uid">Whose it was.</param>
/// <param name="Version">The resourceVersion.</param>
/// <param name="IsReady">Whether the pod was ready then.</param>
internal sealed record PodChange(string Type, string Name, string Uid, long Version, bool IsReady);
