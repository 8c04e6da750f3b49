using System.Net;
using System.Text;
using System.Text.Json;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Server.Transfer;

/// <summary>
/// Reads a cluster from a running server over HTTP, as any client would. All kinds but Events are listed at one resourceVersion
/// (<c>resourceVersionMatch=Exact</c>), in pages: what is read is the cluster at one moment. Events, which are numbered apart, are of one
/// moment of their own, a little later. If so much is written meanwhile that the server has forgotten the moment (410), all is read anew.
/// </summary>
internal sealed class RunningCluster(HttpClient client)
{
    private const int PageSize = 500;
    private const int MostAttempts = 5;

    /// <summary>All objects.</summary>
    /// <exception cref="TransferException">The server can't be reached, refuses, or forgets each moment before it was read.</exception>
    public async Task<List<StoredObject>> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            for (var attempt = 1; attempt <= MostAttempts; attempt++)
            {
                if (await TryReadAsync(cancellation) is { } objects)
                {
                    return objects;
                }
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or IOException || (failure is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new TransferException($"{client.BaseAddress} cannot be read: {failure.Message.ReplaceLineEndings("\n").Split('\n')[0]}", failure);
        }

        throw new TransferException($"{client.BaseAddress} changes too fast: it forgot the moment that was being read {MostAttempts} times; stop it and export from --data, or give it a larger --ring-bytes");
    }

    // Null where the moment was forgotten.
    private async Task<List<StoredObject>?> TryReadAsync(CancellationToken cancellation)
    {
        var objects = new List<StoredObject>();
        var moments = new Dictionary<string, string>();
        foreach (var kind in ClusterOrder.Kinds)
        {
            var journal = Journals.Of(kind.Resource);
            var query = moments.TryGetValue(journal, out var moment) ? $"resourceVersion={moment}&resourceVersionMatch=Exact&limit={PageSize}" : $"limit={PageSize}";
            do
            {
                using var answer = await client.GetAsync($"{PathOf(kind)}?{query}", HttpCompletionOption.ResponseHeadersRead, cancellation);
                if (answer.StatusCode == HttpStatusCode.Gone)
                {
                    return null;
                }

                using var page = await JsonDocument.ParseAsync(await Checked(answer).Content.ReadAsStreamAsync(cancellation), default, cancellation);
                var metadata = page.RootElement.GetProperty("metadata");
                moments.TryAdd(journal, metadata.GetProperty("resourceVersion").GetString()!);
                objects.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(item => Read(kind, item)));
                query = metadata.TryGetProperty("continue", out var token) && token.GetString() is { Length: > 0 } more ? $"limit={PageSize}&continue={Uri.EscapeDataString(more)}" : "";
            }
            while (query.Length > 0);
        }

        return objects;
    }

    private static HttpResponseMessage Checked(HttpResponseMessage answer) =>
        answer.IsSuccessStatusCode ? answer : throw new HttpRequestException($"it answers {(int)answer.StatusCode} to {answer.RequestMessage!.RequestUri!.PathAndQuery}");

    private static string PathOf(ResourceKind kind) => kind.Group.Length == 0 ? $"/api/{kind.Version}/{kind.Plural}" : $"/apis/{kind.ApiVersion}/{kind.Plural}";

    // As text that stands in the item, so that a ControllerRevision's data keeps its bytes; the version is in the payload already.
    private static StoredObject Read(ResourceKind kind, JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        string Text(string name) => metadata.TryGetProperty(name, out var value) ? value.GetString()! : "";
        return new StoredObject(kind.Key(Text("namespace"), Text("name")), Text("uid"), 0, Encoding.UTF8.GetBytes(item.GetRawText()));
    }
}
