using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Acceptance.Tests.Tutorial;
using Orleans.StatefulSets.Storage.Tests.Postgres;

namespace Orleans.StatefulSets.Acceptance.Tests.Startup;

/// <summary>The program on a PostgreSQL server of the test's own.</summary>
[Collection(ServerCollection.Name)]
public sealed class PostgresTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private PostgresServer? postgres;

    private PostgresServer Postgres => postgres!;

    public async Task InitializeAsync()
    {
        Requirement.Of(PostgresServer.IsInstalled, "PostgreSQL's server programs (initdb, pg_ctl)");
        postgres = await PostgresServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task After_a_kill_every_object_is_there_with_its_uid_and_resource_version()
    {
        await using var server = await ServerProcess.StartAsync(["--latency", "none", .. On(await Postgres.CreateDatabaseAsync())]);
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await WebSet.CreateAsync(kubectl, replicas: 3);
        var before = await ObjectsAsync(kubectl);
        Assert.Contains(before.Keys, name => name == "Pod/web-2");

        await server.KillAsync();
        await server.RestartAsync();

        Assert.Equal(before, await ObjectsAsync(kubectl));
        await kubectl.OutputAsync("scale sts web --replicas=4");
        await WebSet.ReadyAsync(kubectl);
        Assert.DoesNotContain(Directory.GetFiles(server.DataDirectory), file => file.EndsWith(".db", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_database_that_crashes_and_comes_back_is_found_again_and_nothing_acknowledged_is_lost()
    {
        await using var server = await ServerProcess.StartAsync(["--latency", "none", .. On(await Postgres.CreateDatabaseAsync())]);
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await WebSet.CreateAsync(kubectl);
        var before = await ObjectsAsync(kubectl);

        await Postgres.RestartAsync();

        Assert.Equal("configmap/afterwards created", await kubectl.CreateConfigMapAsync("afterwards"));
        Assert.Equal(before, await ObjectsAsync(kubectl));
        await kubectl.OutputAsync("scale sts web --replicas=4");
        await WebSet.ReadyAsync(kubectl);
    }

    [SkippableTheory]
    [InlineData("the password", "refuses the user: password authentication failed for user \"cluster\"")]
    [InlineData("the database", "cannot be opened: database \"nowhere\" does not exist")]
    [InlineData("the server", "cannot be reached: Connection refused")]
    [InlineData("the version", "was written by a newer version of this program")]
    public async Task A_database_that_cannot_be_used_is_named_in_one_line(string what, string complaint)
    {
        var database = await Postgres.CreateDatabaseAsync();
        switch (what)
        {
            case "the password":
                database = Postgres.ConnectionString("postgres", password: "guess");
                break;
            case "the database":
                database = Postgres.ConnectionString("nowhere");
                break;
            case "the server":
                await Postgres.CrashAsync();
                break;
            case "the version":
                await PostgresServer.ExecuteAsync(database, "CREATE TABLE statefulsets_schema (version integer); INSERT INTO statefulsets_schema VALUES (99)");
                break;
        }

        var free = FreePorts.Take(3);
        var folder = Directory.CreateTempSubdirectory("refusals-");
        await using var process = ServerProcess.Launch(
            ["--data", folder.FullName, "--urls", $"http://127.0.0.1:{free[0]}", "--silo-port", $"{free[1]}", "--gateway-port", $"{free[2]}", .. On(database)]);
        var exitCode = await process.WaitForExitAsync(Limit);
        folder.Delete(recursive: true);

        Assert.True(exitCode == 1, process.Describe());
        var line = Assert.Single(process.Errors);
        Assert.StartsWith($"PostgreSQL at 127.0.0.1:{Postgres.Port}/", line, StringComparison.Ordinal);
        Assert.Contains(complaint, line, StringComparison.Ordinal);
        Assert.Empty(process.Output);
    }

    private static string[] On(string connectionString) => ["--storage", "postgres", "--connection-string", connectionString];

    private static async Task<SortedDictionary<string, string>> ObjectsAsync(KubectlSession kubectl)
    {
        var objects = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in (await kubectl.JsonAsync("get pods,services,persistentvolumeclaims,persistentvolumes,statefulsets,controllerrevisions")).GetProperty("items").EnumerateArray())
        {
            var metadata = item.GetProperty("metadata");
            objects.Add(
                $"{item.GetProperty("kind").GetString()}/{metadata.GetProperty("name").GetString()}",
                $"{metadata.GetProperty("uid").GetString()} {metadata.GetProperty("resourceVersion").GetString()}");
        }

        return objects;
    }
}
