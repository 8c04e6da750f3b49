using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Server.Tests.Samples;

namespace Orleans.StatefulSets.Server.Tests.Watches;

/// <summary>Writes at random to every kind. What the cluster refuses is no matter: the controllers, quotas and budgets have their say.</summary>
internal sealed class Workload(IReadOnlyList<HttpClient> clients, IReadOnlyList<ServedKind> kinds, int seed)
{
    public static readonly string[] Namespaces = ["work-a", "work-b"];
    private const int Writers = 6;
    private readonly ConcurrentDictionary<string, int> created = new();

    /// <summary>How many objects of a kind were created.</summary>
    public int Created(ServedKind kind) => created.GetValueOrDefault(kind.Collection());

    public async Task PrepareAsync()
    {
        foreach (var name in Namespaces)
        {
            using var answer = await SendAsync(clients[0], HttpMethod.Post, "/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{name}}}"}}""");
        }
    }

    /// <summary>Makes a number of writes, some of them at once.</summary>
    public Task RunAsync(int writes) => Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(new Random((seed * 100) + writer), writes / Writers)));

    private async Task WriteAsync(Random random, int writes)
    {
        for (var i = 0; i < writes; i++)
        {
            // The first ones see to it that every kind has its turn.
            var kind = kinds[(i < kinds.Count ? i + random.Next(2) : random.Next(kinds.Count)) % kinds.Count];
            await WriteAsync(random, clients[random.Next(clients.Count)], kind, Namespaces[random.Next(Namespaces.Length)], $"n{random.Next(5)}");
        }
    }

    private async Task WriteAsync(Random random, HttpClient client, ServedKind kind, string @namespace, string name)
    {
        var (collection, tier) = (kind.Collection(@namespace), SampleObjects.Tiers[random.Next(SampleObjects.Tiers.Count)]);
        var path = $"{collection}/{name}";
        using var answer = random.Next(20) switch
        {
            < 8 => await CreateAsync(client, kind, @namespace, name, random),
            < 11 => await SendAsync(client, HttpMethod.Patch, path, $"{{\"metadata\":{{\"labels\":{{\"tier\":\"{tier}\"}}}}}}"),
            11 => await SendAsync(client, HttpMethod.Patch, path, """{"metadata":{"labels":{"tier":null}}}"""),
            12 => await ReplaceAsync(client, path, tier),
            13 when kind.Subresources.Contains("status") => await SendAsync(client, HttpMethod.Patch, path + "/status", """{"status":{"phase":"Pending"}}"""),
            14 when kind.Subresources.Contains("scale") => await SendAsync(client, HttpMethod.Patch, path + "/scale", $"{{\"spec\":{{\"replicas\":{random.Next(4)}}}}}"),
            14 when kind.Subresources.Contains("eviction") =>
                await SendAsync(client, HttpMethod.Post, path + "/eviction", $$$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"{{{name}}}"}}"""),
            15 when kind.Plural == "nodes" => await SendAsync(client, HttpMethod.Patch, $"{collection}/node-{random.Next(1, 4)}",
                """{"metadata":{"annotations":{"emulator.statefulsets/power":"off"}}}""".Replace("\"off\"", random.Next(2) == 0 ? "\"off\"" : "null")),
            16 => await SendAsync(client, HttpMethod.Patch, path, random.Next(2) == 0 ? """{"metadata":{"finalizers":["example.com/stay"]}}""" : """{"metadata":{"finalizers":null}}"""),
            17 when random.Next(4) == 0 && kind.Verbs.Contains("deletecollection") => await SendAsync(client, HttpMethod.Delete, $"{collection}?labelSelector=tier%3D{tier}", ""),
            _ => await SendAsync(client, HttpMethod.Delete, path, random.Next(2) == 0 ? "" : """{"gracePeriodSeconds":0}"""),
        };
        Assert.True((int)answer.StatusCode < 500, $"{answer.RequestMessage} is answered with {await answer.Content.ReadAsStringAsync()}");
    }

    private async Task<HttpResponseMessage> CreateAsync(HttpClient client, ServedKind kind, string @namespace, string name, Random random)
    {
        var answer = await SendAsync(client, HttpMethod.Post, kind.Collection(@namespace), SampleObjects.New(kind, @namespace, name, random).ToJsonString());
        if (answer.IsSuccessStatusCode)
        {
            created.AddOrUpdate(kind.Collection(), 1, (_, count) => count + 1);
        }

        return answer;
    }

    private static async Task<HttpResponseMessage> ReplaceAsync(HttpClient client, string path, string tier)
    {
        var found = await client.GetAsync(path);
        if (!found.IsSuccessStatusCode)
        {
            return found;
        }

        var item = JsonNode.Parse(await found.Content.ReadAsStringAsync())!;
        item["metadata"]!["labels"] = new JsonObject { ["tier"] = tier };
        found.Dispose();
        return await SendAsync(client, HttpMethod.Put, path, item.ToJsonString());
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string body)
    {
        var request = new HttpRequestMessage(method, path);
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        return client.SendAsync(request);
    }
}
