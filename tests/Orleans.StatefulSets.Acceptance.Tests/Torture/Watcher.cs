using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>Follows one resource through one silo for as long as the torture lasts, as client-go's reflector does, and writes down what it sees.</summary>
internal sealed class Watcher(Uri server, string path, List<List<Seen>> parts) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly CancellationTokenSource ending = new();
    private readonly HttpClient client = new() { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
    private Task following = Task.CompletedTask;
    private long version;

    /// <summary>The version up to which it has followed.</summary>
    public long Version => Interlocked.Read(ref version);

    public void Start() => following = FollowAsync();

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await following;
        client.Dispose();
        ending.Dispose();
    }

    private async Task FollowAsync()
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await pause.WaitForNextTickAsync(ending.Token);
                if (version == 0)
                {
                    await ListAsync();
                }

                await WatchAsync();
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                // The silo is down or stands still: ask again from the last whole line.
            }
        }
    }

    private async Task ListAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        limit.CancelAfter(Patience);
        using var list = JsonDocument.Parse(await client.GetStringAsync(path, limit.Token));
        var listed = list.RootElement.GetProperty("items").EnumerateArray().Select(item => Read("ADDED", item)).OrderBy(seen => seen.Version);
        parts.Add(new ListedPart(listed, VersionOf(list.RootElement)));
        Interlocked.Exchange(ref version, VersionOf(list.RootElement));
    }

    private async Task WatchAsync()
    {
        using var response = await client.GetAsync($"{path}?watch=true&resourceVersion={version}&timeoutSeconds=20", HttpCompletionOption.ResponseHeadersRead, ending.Token);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            Interlocked.Exchange(ref version, 0);
            return;
        }

        using var reader = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(ending.Token));
        while (await reader.ReadLineAsync(ending.Token) is { } line)
        {
            using var change = JsonDocument.Parse(line);
            var type = change.RootElement.GetProperty("type").GetString()!;
            if (type == "ERROR")
            {
                Interlocked.Exchange(ref version, 0);
                return;
            }

            var seen = Read(type, change.RootElement.GetProperty("object"));
            parts[^1].Add(seen);
            Interlocked.Exchange(ref version, seen.Version);
        }
    }

    private Seen Read(string type, JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        var resource = path[(path.LastIndexOf('/') + 1)..];
        return new Seen(
            Shared(type), Shared($"{resource}/{metadata.GetProperty("name").GetString()}"), Shared(metadata.GetProperty("uid").GetString()!),
            VersionOf(item), IsReady(item), Shared(VolumeOf(item)));

        // The same few names come again and again, for hours, to all watchers.
        static string Shared(string text) => string.Intern(text);
    }

    private static long VersionOf(JsonElement item) => long.Parse(item.GetProperty("metadata").GetProperty("resourceVersion").GetString()!, CultureInfo.InvariantCulture);

    private static bool IsReady(JsonElement item) =>
        !item.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _)
        && item.TryGetProperty("status", out var status) && status.TryGetProperty("phase", out var phase) && phase.GetString() == "Running"
        && status.TryGetProperty("conditions", out var conditions)
        && conditions.EnumerateArray().Any(condition => condition.GetProperty("type").GetString() == "Ready" && condition.GetProperty("status").GetString() == "True");

    private static string VolumeOf(JsonElement item) =>
        item.TryGetProperty("spec", out var spec) && spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty("volumeName", out var volume) ? volume.GetString() ?? "" : "";
}
