using System.Globalization;
using System.Text.Json;

namespace Orleans.StatefulSets.Server.Tests.Watches;

/// <summary>Reads one watch to its end and remembers all it said.</summary>
internal sealed class Watcher : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<WatchEvent> events = [];
    private readonly CancellationTokenSource leaving = new();
    private readonly HttpResponseMessage response;
    private readonly Task reading;
    private long bookmark;
    private string? error;

    private Watcher(WatchScope scope, string query, HttpResponseMessage response)
    {
        (Scope, Query, this.response) = (scope, query, response);
        reading = Task.Run(ReadAsync);
    }

    public WatchScope Scope { get; }

    /// <summary>How it was asked for, for a message.</summary>
    public string Query { get; }

    /// <summary>The version from which it tells changes only; null where it began with the state.</summary>
    public long? Start { get; private init; }

    /// <summary>All that was there when it began was there at this version or before.</summary>
    public long Floor { get; set; }

    public bool HasEnded => reading.IsCompleted;

    public string? Error
    {
        get
        {
            lock (gate)
            {
                return error;
            }
        }
    }

    /// <summary>Up to where it has told everything.</summary>
    public long Reached
    {
        get
        {
            lock (gate)
            {
                return Math.Max(bookmark, events.Count == 0 ? 0 : events[^1].Object.Version);
            }
        }
    }

    public IReadOnlyList<WatchEvent> Events
    {
        get
        {
            lock (gate)
            {
                return [.. events];
            }
        }
    }

    public static async Task<Watcher> OpenAsync(HttpClient client, WatchScope scope, string query, long? start)
    {
        var response = await client.GetAsync($"{scope.Path}?watch=true{query}{scope.Query}", HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new Watcher(scope, query, response) { Start = start, Floor = start ?? 0 };
    }

    /// <summary>Whether it has told everything up to a version, as a bookmark or a later event says.</summary>
    public bool HasTold(long version)
    {
        lock (gate)
        {
            return bookmark >= version || (events.Count > 0 && events[^1].Object.Version > version);
        }
    }

    public void Dispose()
    {
        leaving.Cancel();
        response.Dispose();
        leaving.Dispose();
    }

    public override string ToString() => $"the watch of {Scope} with {Query}";

    private async Task ReadAsync()
    {
        try
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(leaving.Token));
            while (await lines.ReadLineAsync(leaving.Token) is { } line)
            {
                Take(JsonDocument.Parse(line).RootElement);
            }
        }
        catch (Exception gone) when (leaving.IsCancellationRequested || gone is OperationCanceledException)
        {
        }
        catch (Exception failure)
        {
            lock (gate)
            {
                error = failure.ToString();
            }
        }
    }

    private void Take(JsonElement line)
    {
        var type = line.GetProperty("type").GetString()!;
        var item = line.GetProperty("object");
        lock (gate)
        {
            switch (type)
            {
                case "BOOKMARK":
                    var said = long.Parse(item.GetProperty("metadata").GetProperty("resourceVersion").GetString()!, CultureInfo.InvariantCulture);
                    error ??= said < bookmark || (bookmark > 0 && said < events.LastOrDefault()?.Object.Version) ? $"a bookmark at {said} after {bookmark}" : null;
                    bookmark = said;
                    break;
                case "ERROR":
                    error ??= item.GetRawText();
                    break;
                default:
                    var seen = new WatchEvent(type, ObservedObject.Read(item));
                    error ??= bookmark >= seen.Object.Version ? $"{seen} after a bookmark at {bookmark}" : null;
                    events.Add(seen);
                    break;
            }
        }
    }
}
