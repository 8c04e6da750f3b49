using System.Globalization;
using System.Text.RegularExpressions;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Storage.Tests.Postgres;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Orleans.StatefulSets.Acceptance.Tests.Clusters;

/// <summary>
/// The compose file without Docker: its services' environments and their image's entry point as processes, on a database that was made from
/// the scripts that it mounts. Only where things are is another: hosts are loopback, and ports their own.
/// </summary>
[Collection(SilosCollection.Name)]
public sealed partial class ComposeTests
{
    private const string Prefix = "ORLEANS_STATEFULSETS_";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly string Root = FindRoot();

    [Fact]
    public void The_balancer_knows_each_silo_and_is_all_that_is_published()
    {
        var services = Services();
        var silos = services.Keys.Where(name => name.StartsWith("silo-", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();

        var balanced = BalancedServer().Matches(File.ReadAllText(Path.Combine(Root, "infra", "compose", "haproxy.cfg"))).Select(server => server.Groups["name"].Value);

        Assert.Equal(3, silos.Count);
        Assert.Equal(silos, balanced);
        Assert.Equal(["balancer"], services.Where(service => service.Value.ContainsKey("ports")).Select(service => service.Key));
        Assert.All(silos, silo => Assert.Equal(silo, EnvironmentOf(services[silo])[$"{Prefix}SILO_ADDRESS"]));
    }

    [SkippableFact]
    public async Task The_silos_come_up_as_one_cluster_from_their_environments()
    {
        Requirement.Of(PostgresServer.IsInstalled, "PostgreSQL's server programs (initdb, pg_ctl)");
        await using var postgres = await PostgresServer.StartAsync();
        var services = Services();
        await PrepareAsync(postgres, EnvironmentOf(services["postgres"]));
        var processes = new List<(Uri Url, CapturedProcess Process)>();
        var folder = Directory.CreateTempSubdirectory("compose-");
        try
        {
            foreach (var (name, service) in services.Where(service => service.Key.StartsWith("silo-", StringComparison.Ordinal)))
            {
                var ports = FreePorts.Take(3);
                var environment = ImageEnvironment().Concat(EnvironmentOf(service)).ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal);
                environment[$"{Prefix}DATA"] = Path.Combine(folder.FullName, name);
                environment[$"{Prefix}URLS"] = environment[$"{Prefix}URLS"]!.Replace("0.0.0.0:8080", $"127.0.0.1:{ports[0].ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal);
                environment[$"{Prefix}CONNECTION_STRING"] = environment[$"{Prefix}CONNECTION_STRING"]!.Replace("Host=postgres", $"Host=127.0.0.1;Port={postgres.Port}", StringComparison.Ordinal);
                environment[$"{Prefix}SILO_ADDRESS"] = "127.0.0.1";
                environment[$"{Prefix}SILO_PORT"] = ports[1].ToString(CultureInfo.InvariantCulture);
                environment[$"{Prefix}GATEWAY_PORT"] = ports[2].ToString(CultureInfo.InvariantCulture);
                processes.Add((new Uri($"http://127.0.0.1:{ports[0]}"), ServerProcess.LaunchIn(environment)));
            }

            using var client = new HttpClient();
            foreach (var (url, process) in processes)
            {
                await Deadline.WaitAsync(Limit, () => IsReadyAsync(client, url, process), process.Describe);
            }

            using var written = await client.PostAsync(
                new Uri(processes[0].Url, "/api/v1/namespaces/default/configmaps"), new StringContent("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"one"}}""", null, "application/json"));
            written.EnsureSuccessStatusCode();
            Assert.Contains("\"one\"", await client.GetStringAsync(new Uri(processes[2].Url, "/api/v1/namespaces/default/configmaps")), StringComparison.Ordinal);
            Assert.Contains("<html", await client.GetStringAsync(new Uri(processes[1].Url, "/orleans/")), StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            foreach (var (_, process) in processes)
            {
                await process.DisposeAsync();
            }

            folder.Delete(recursive: true);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, Uri url, CapturedProcess process)
    {
        Assert.False(process.HasExited, process.Describe());
        try
        {
            using var response = await client.GetAsync(new Uri(url, "/readyz"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // What the database's image does with its environment and with the scripts that are mounted into it.
    private static async Task PrepareAsync(PostgresServer postgres, IReadOnlyDictionary<string, string> environment)
    {
        var (user, password, database) = (environment["POSTGRES_USER"], environment["POSTGRES_PASSWORD"], environment["POSTGRES_DB"]);
        await PostgresServer.ExecuteAsync(postgres.ConnectionString("postgres"), $"CREATE ROLE {user} SUPERUSER LOGIN PASSWORD '{password}'");
        await PostgresServer.ExecuteAsync(postgres.ConnectionString("postgres"), $"CREATE DATABASE {database} OWNER {user}");
        foreach (var script in Directory.GetFiles(Path.Combine(Root, "infra", "postgres"), "*.sql").Order(StringComparer.Ordinal))
        {
            await PostgresServer.ExecuteAsync(
                $"Host=127.0.0.1;Port={postgres.Port};Username={user};Password={password};Database={database}", await File.ReadAllTextAsync(script));
        }
    }

    private static Dictionary<string, Dictionary<object, object>> Services()
    {
        var parser = new MergingParser(new Parser(new StringReader(File.ReadAllText(Path.Combine(Root, "docker-compose.yml")))));
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser);
        return ((Dictionary<object, object>)file["services"]).ToDictionary(service => (string)service.Key, service => (Dictionary<object, object>)service.Value);
    }

    // ${NAME:-otherwise}, as compose reads it where NAME is not set.
    private static Dictionary<string, string> EnvironmentOf(Dictionary<object, object> service) =>
        ((Dictionary<object, object>)service["environment"]).ToDictionary(pair => (string)pair.Key, pair => Otherwise().Replace((string)pair.Value, "${otherwise}"), StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> ImageEnvironment()
    {
        var lines = File.ReadAllLines(Path.Combine(Root, "infra", "Dockerfile"));
        Assert.Equal("ENTRYPOINT [\"dotnet\", \"Orleans.StatefulSets.Server.dll\"]", lines[^1]);
        return lines.Where(line => line.StartsWith("ENV ", StringComparison.Ordinal)).SelectMany(line => line.Split(' ').Skip(1)).Select(word => word.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "docker-compose.yml")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the repository's root is not above the tests");
    }

    [GeneratedRegex(@"\$\{\w+:-(?<otherwise>[^}]*)\}")]
    private static partial Regex Otherwise();

    [GeneratedRegex(@"^\s+server (?<name>\S+) \k<name>:8080", RegexOptions.Multiline)]
    private static partial Regex BalancedServer();
}
