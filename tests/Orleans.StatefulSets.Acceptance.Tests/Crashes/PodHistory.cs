using System.Net;
using System.Text.Json;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Crashes;

/// <summary>
/// What one client has seen of all pods, across kills of the server: it lists once and then watches, and watches on from the last
/// version that it saw, as client-go's reflector does. Where the server has forgotten that version it lists again, and what the list
/// lacks it takes as deleted.
/// </summary>
internal sealed class PodHistory : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ServerProcess server;
    private readonly CancellationTokenSource ending = new();
    private readonly Dictionary<string, string> living = new(StringComparer.Ordinal);
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);
    private readonly List<string> faults = [];
    private readonly Task following;
    private string version = "";

    private PodHistory(ServerProcess server)
    {
        this.server = server;
        following = FollowAsync();
    }

    public static async Task<PodHistory> StartAsync(ServerProcess server)
    {
        var history = new PodHistory(server);
        await Deadline.WaitAsync(Limit, () => history.version.Length > 0, () => "the pods were not listed");
        return history;
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
                if (version.Length == 0)
                {
                    await ListAgainAsync();
                }

                await WatchAsync();
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                // The server is down or was killed in the middle of a line: ask again from the last whole one.
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

        version = head;
    }

    private async Task<(string Version, Dictionary<string, string> Uids)> ListAsync()
    {
        using var list = JsonDocument.Parse(await server.Client.GetStringAsync("/api/v1/pods", ending.Token));
        var pods = list.RootElement.GetProperty("items").EnumerateArray().ToDictionary(NameOf, pod => Metadata(pod, "uid"), StringComparer.Ordinal);
        return (Metadata(list.RootElement, "resourceVersion"), pods);
    }

    private async Task WatchAsync()
    {
        var path = $"/api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion={version}";
        using var response = await server.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ending.Token);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            version = "";
            return;
        }

        using var reader = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(ending.Token));
        while (await reader.ReadLineAsync(ending.Token) is { } line)
        {
            using var change = JsonDocument.Parse(line);
            if (!Observe(change.RootElement.GetProperty("type").GetString(), change.RootElement.GetProperty("object")))
            {
                version = "";
                return;
            }
        }
    }

    private bool Observe(string? type, JsonElement pod)
    {
        lock (living)
        {
            switch (type)
            {
                case "ERROR":
                    return false;
                case "ADDED" or "MODIFIED":
                    See(NameOf(pod), Metadata(pod, "uid"));
                    break;
                case "DELETED":
                    Remove(NameOf(pod), Metadata(pod, "uid"));
                    break;
            }
        }

        version = Metadata(pod, "resourceVersion");
        return true;
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

    private static string NameOf(JsonElement pod) => $"{Metadata(pod, "namespace")}/{Metadata(pod, "name")}";

    private static string Metadata(JsonElement item, string field) => item.GetProperty("metadata").GetProperty(field).GetString()!;
}
