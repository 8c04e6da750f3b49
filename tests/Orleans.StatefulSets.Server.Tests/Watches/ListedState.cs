using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Orleans.StatefulSets.Server.Tests.Watches;

/// <summary>What a list shows, at one version.</summary>
internal sealed record ListedState(long Version, IReadOnlyList<ObservedObject> Items)
{
    /// <summary>Lists, in pages where a limit is given; begins anew where the first page's version was forgotten meanwhile.</summary>
    public static async Task<ListedState> TakeAsync(HttpClient client, WatchScope scope, int limit = 0)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            if (await PagesAsync(client, scope, limit) is { } state)
            {
                return state;
            }
        }

        throw new InvalidOperationException($"no list of {scope} in pages of {limit} came to its end");
    }

    private static async Task<ListedState?> PagesAsync(HttpClient client, WatchScope scope, int limit)
    {
        var items = new List<ObservedObject>();
        long? version = null;
        for (var token = ""; ;)
        {
            using var answer = await client.GetAsync($"{scope.Path}?limit={limit}&continue={token}{scope.Query}");
            if (answer.StatusCode == HttpStatusCode.Gone)
            {
                return null;
            }

            answer.EnsureSuccessStatusCode();
            using var page = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            var metadata = page.RootElement.GetProperty("metadata");
            var pageVersion = long.Parse(metadata.GetProperty("resourceVersion").GetString()!, CultureInfo.InvariantCulture);
            Assert.True(version is null || version == pageVersion, $"{scope}: a page at {pageVersion} follows one at {version}");
            version = pageVersion;
            items.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(ObservedObject.Read));
            token = metadata.TryGetProperty("continue", out var next) ? next.GetString()! : "";
            if (token.Length == 0)
            {
                return new ListedState(pageVersion, items);
            }
        }
    }
}
