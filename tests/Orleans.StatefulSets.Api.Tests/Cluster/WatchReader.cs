using System.Text.Json.Nodes;

namespace Orleans.StatefulSets.Api.Tests.Cluster;

/// <summary>Reads a watch line by line. Each read waits for the line and for nothing else.</summary>
public sealed class WatchReader : IDisposable
{
    private readonly HttpResponseMessage response;
    private readonly StreamReader lines;
    private readonly CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));

    private WatchReader(HttpResponseMessage response, Stream stream)
    {
        this.response = response;
        lines = new StreamReader(stream);
    }

    public int Code => (int)response.StatusCode;

    public static async Task<WatchReader> OpenAsync(RunningApi api, string path, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        var response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new WatchReader(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event, or null at the end.</summary>
    public async Task<JsonNode?> NextAsync() => await lines.ReadLineAsync(patience.Token) is { } line ? JsonNode.Parse(line) : null;

    /// <summary>The next event as "TYPE name@version", or "end".</summary>
    public async Task<string> NextTextAsync()
    {
        if (await NextAsync() is not { } next)
        {
            return "end";
        }

        var metadata = next["object"]!["metadata"]!;
        return $"{next["type"]} {metadata["name"]}@{metadata["resourceVersion"]}";
    }

    public void Dispose()
    {
        patience.Dispose();
        lines.Dispose();
        response.Dispose();
    }
}
