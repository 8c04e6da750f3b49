using System.Net;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Startup;

/// <summary>A disk without room: nothing starts on it; what runs refuses writes, serves reads, and goes on when there is room again.</summary>
[Collection(ServerCollection.Name)]
public sealed class FullDiskTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task A_full_disk_at_start_is_named_in_one_line()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 16);
        disk.Fill(exceptBytes: 0);
        var ports = FreePorts.Take(3);

        await using var process = ServerProcess.Launch(
            ["--data", disk.Path, "--urls", $"http://127.0.0.1:{ports[0]}", "--silo-port", $"{ports[1]}", "--gateway-port", $"{ports[2]}"], disk.Before);

        Assert.Equal(1, await process.WaitForExitAsync(Limit));
        Assert.Contains(disk.Path, Assert.Single(process.Errors), StringComparison.Ordinal);
        Assert.Empty(process.Output);
        disk.Free();
        await using var server = await ServerProcess.StartOnAsync(disk);
        Assert.Equal(HttpStatusCode.Created, await CreateAsync(server, "first"));
    }

    [SkippableFact]
    public async Task A_disk_that_runs_full_refuses_writes_serves_reads_and_loses_nothing()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 48);
        await using var server = await ServerProcess.StartOnAsync(disk);
        disk.Fill(exceptBytes: 1 << 20);
        List<string> kept = [];

        var (status, body) = await FillAsync(server, kept);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("ServiceUnavailable", (string?)body["reason"]);
        Assert.Contains("no space is left", (string?)body["message"], StringComparison.Ordinal);
        Assert.NotEmpty(kept);
        Assert.Equal(kept, await NamesAsync(server));
        Assert.Equal("ok", await server.Client.GetStringAsync("/livez"));

        await server.KillAsync();
        disk.Free();
        await server.RestartAsync();
        Assert.Equal(kept, await NamesAsync(server));
        Assert.Equal(HttpStatusCode.Created, await CreateAsync(server, "z-after"));
    }

    [SkippableFact]
    public async Task When_there_is_room_again_writes_are_taken_without_a_restart()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 48);
        await using var server = await ServerProcess.StartOnAsync(disk);
        disk.Fill(exceptBytes: 1 << 20);
        List<string> kept = [];
        await FillAsync(server, kept);

        disk.Free();

        Assert.Equal(HttpStatusCode.Created, await CreateAsync(server, "z-after"));
        Assert.Equal([.. kept, "z-after"], await NamesAsync(server));
    }

    // Until the first refusal; the server's own writes may be refused before.
    private static async Task<(HttpStatusCode Status, JsonNode Body)> FillAsync(ServerProcess server, List<string> kept)
    {
        for (var number = 0; number < 100; number++)
        {
            var name = $"filler-{number:000}";
            using var response = await PostAsync(server, name);
            if (response.StatusCode != HttpStatusCode.Created)
            {
                return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
            }

            kept.Add(name);
        }

        throw new InvalidOperationException("the disk does not fill");
    }

    private static async Task<HttpStatusCode> CreateAsync(ServerProcess server, string name)
    {
        using var response = await PostAsync(server, name);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> PostAsync(ServerProcess server, string name)
    {
        var body = $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"},"data":{"filler":"{{{new string('x', 100_000)}}}"}}""";
        using var content = new StringContent(body, null, "application/json");
        return await server.Client.PostAsync(new Uri(ConfigMaps, UriKind.Relative), content);
    }

    private static async Task<List<string>> NamesAsync(ServerProcess server)
    {
        var list = JsonNode.Parse(await server.Client.GetStringAsync(ConfigMaps))!;
        return [.. list["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!).Where(name => name != "kube-root-ca.crt")];
    }
}
