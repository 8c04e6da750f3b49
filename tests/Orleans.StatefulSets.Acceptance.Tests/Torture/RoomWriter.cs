using System.Net;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>Makes a namespace with a set in it, and deletes it with all that is in it, at whatever moment of the set's life.</summary>
internal sealed class RoomWriter(TortureClient client, History history, Random chance)
{
    private const string Path = "/api/v1/namespaces";
    private const string Set = "inside";
    private const int Replicas = 2;
    private const int MostAtOnce = 3;
    private readonly List<string> there = [];

    // Whose deletion found nothing: the creation may have been on its way still.
    private readonly List<string> missed = [];
    private int made;

    public async Task StepAsync()
    {
        if (there.Count == MostAtOnce || (there.Count > 0 && chance.Next(2) == 0))
        {
            await DeleteAsync(there[chance.Next(there.Count)]);
            return;
        }

        var name = $"room-{made++}";
        there.Add(name);
        await client.SendAsync(HttpMethod.Post, Path, $$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""", client.Any(chance));
        await client.SendAsync(HttpMethod.Post, TorturedSets.PathIn(name), TorturedSets.Manifest(Set, "Parallel", Replicas), client.Any(chance));
    }

    /// <summary>All namespaces of these are deleted.</summary>
    public async Task FinishAsync()
    {
        foreach (var name in there.Concat(missed))
        {
            await client.DemandAsync(HttpMethod.Delete, $"{Path}/{name}", null, HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.NotFound, HttpStatusCode.Conflict);
        }
    }

    private async Task DeleteAsync(string name)
    {
        var (code, answer) = await client.SendAsync(HttpMethod.Delete, $"{Path}/{name}", null, client.Any(chance));
        client.RememberDeletion($"{Path}/{name}", code, answer);
        if (TortureClient.IsUnknown(code))
        {
            return;
        }

        there.Remove(name);
        if (code == HttpStatusCode.NotFound)
        {
            missed.Add(name);
        }
        else
        {
            history.CountNamespace();
        }
    }
}
