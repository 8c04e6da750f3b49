using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Server.Options;

namespace Orleans.StatefulSets.Server.Tests.Options;

public sealed class ServerCommandLineTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("options-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Nothing_said_gives_the_documented_defaults()
    {
        var options = Accepted();

        Assert.Equal([new Uri("http://127.0.0.1:8080")], options.Urls);
        Assert.Equal(Path.Combine(folder.FullName, ".data"), options.DataDirectory);
        Assert.Equal(StorageKind.Sqlite, options.Storage);
        Assert.Equal(DurabilityLevel.Normal, options.Synchronous);
        Assert.Equal((FileSync.Committed, 4L << 30), (options.FileSync, options.MostFilesBytes));
        Assert.Equal(1L << 30, Accepted("--storage", "memory").MostFilesBytes);
        Assert.Equal((3, 110), (options.NodeCount, options.PodsPerNode));
        Assert.Equal((11111, 30000), (options.SiloPort, options.GatewayPort));
        Assert.Equal((PodLatencies.Realistic, TimeSpan.FromSeconds(1)), (options.PodLatencies, options.VolumeProvisionLatency));
        Assert.Equal(1, options.Speed);
        Assert.Equal(("10.96.0.10", null), (options.DnsAddress, options.Dns));
        Assert.False(options.Verbose);
    }

    [Fact]
    public void Every_option_is_read_from_the_command_line()
    {
        var options = Accepted(
            "--urls", "http://0.0.0.0:9000;http://[::1]:9001", "--data", "/there", "--storage=sqlite", "--synchronous", "full", "--nodes", "7",
            "--file-sync", "relaxed", "--files-bytes", "2GiB",
            "--pods-per-node", "20", "--latency", "none", "--latency-image-pull", "1.5s", "--latency-container-start", "200ms",
            "--latency-volume-provision", "1m", "--latency-volume-attach", "1m30s", "--latency-graceful-stop", "0", "--speed", "2.5",
            "--ring-bytes", "2MiB", "--watch-buffer", "500", "--watch-buffer-bytes", "3MiB", "--event-ttl", "2h", "--max-events", "123", "--silo-port", "1", "--gateway-port", "2",
            "--dns-address", "10.96.0.53", "--dns", "[::1]:10053", "--verbose");

        Assert.Equal(
            new ServerOptions
            {
                Urls = options.Urls,
                DataDirectory = "/there",
                Synchronous = DurabilityLevel.Full,
                FileSync = FileSync.Relaxed,
                FilesBytes = 2L * 1024 * 1024 * 1024,
                NodeCount = 7,
                PodsPerNode = 20,
                PodLatencies = new PodLatencies
                {
                    ImagePull = TimeSpan.FromSeconds(1.5),
                    ContainerStart = TimeSpan.FromMilliseconds(200),
                    VolumeAttach = TimeSpan.FromSeconds(90),
                },
                VolumeProvisionLatency = TimeSpan.FromMinutes(1),
                Speed = 2.5,
                RingBytes = 2 * 1024 * 1024,
                WatchBufferChanges = 500,
                WatchBufferBytes = 3 * 1024 * 1024,
                EventTimeToLive = TimeSpan.FromHours(2),
                MaxEvents = 123,
                SiloPort = 1,
                GatewayPort = 2,
                DnsAddress = "10.96.0.53",
                Dns = new System.Net.IPEndPoint(System.Net.IPAddress.IPv6Loopback, 10_053),
                Verbose = true,
            },
            options);
        Assert.Equal([new Uri("http://0.0.0.0:9000"), new Uri("http://[::1]:9001")], options.Urls);
    }

    [Fact]
    public void A_database_can_be_named_in_the_environment_where_nobody_else_sees_its_password()
    {
        var environment = new Dictionary<string, string> { ["ORLEANS_STATEFULSETS_CONNECTION_STRING"] = "Host=db;Username=me;Password=secret;Database=cluster" };

        var options = Assert.IsType<ServerCommand.Run>(ServerCommandLine.Parse(["--storage", "postgres", "--database-timeout", "2s"], environment, folder.FullName)).Options;

        Assert.Equal((StorageKind.Postgres, TimeSpan.FromSeconds(2)), (options.Storage, options.DatabaseTimeout));
        Assert.Equal("Host=db;Username=me;Password=secret;Database=cluster", options.ConnectionString);
    }

    [Fact]
    public void A_silo_may_listen_elsewhere_than_others_reach_it()
    {
        var options = Accepted("--storage", "postgres", "--connection-string", "Host=db", "--silo-address", "silo-0.example", "--silo-listen", "0.0.0.0");

        Assert.Equal(("silo-0.example", System.Net.IPAddress.Any), (options.SiloAddress, options.SiloListen));
        Assert.Null(Accepted("--storage", "postgres", "--connection-string", "Host=db", "--silo-address", "192.0.2.1").SiloListen);
    }

    [Fact]
    public void One_latency_refines_the_realistic_ones_wherever_it_stands()
    {
        var options = Accepted("--latency-image-pull", "5s", "--latency", "realistic");

        Assert.Equal(PodLatencies.Realistic with { ImagePull = TimeSpan.FromSeconds(5) }, options.PodLatencies);
    }

    [Fact]
    public void The_command_line_goes_before_the_environment_and_that_before_the_file()
    {
        var file = WriteFile("""{ "nodes": 1, "pods-per-node": 1, "speed": 4, "verbose": true }""");
        var environment = new Dictionary<string, string>
        {
            ["ORLEANS_STATEFULSETS_CONFIG"] = file,
            ["ORLEANS_STATEFULSETS_NODES"] = "2",
            ["ORLEANS_STATEFULSETS_PODS_PER_NODE"] = "2",
        };

        var options = Assert.IsType<ServerCommand.Run>(ServerCommandLine.Parse(["--nodes", "3"], environment, folder.FullName)).Options;

        Assert.Equal((3, 2, 4, true), (options.NodeCount, options.PodsPerNode, options.Speed, options.Verbose));
    }

    [Fact]
    public void The_environment_of_other_programs_is_passed_over()
    {
        var environment = new Dictionary<string, string> { ["NODES"] = "x", ["ORLEANS_STATEFULSETS_SERVICE_HOST"] = "10.0.0.1", ["ORLEANS_STATEFULSETS_NODES"] = "" };

        Assert.IsType<ServerCommand.Run>(ServerCommandLine.Parse([], environment, folder.FullName));
    }

    [Theory]
    [InlineData("--foo", "unknown option '--foo'; --help lists the options")]
    [InlineData("--nodes=3 --foo=1", "unknown option '--foo=1'; --help lists the options")]
    [InlineData("start", "unknown argument 'start'; --help lists the options")]
    [InlineData("--nodes", "--nodes needs a value: --nodes N")]
    [InlineData("--nodes --verbose", "--nodes needs a value: --nodes N")]
    [InlineData("--data --verbose", "--data needs a value: --data DIR")]
    [InlineData("--nodes 1 --nodes 2", "--nodes is given more than once")]
    [InlineData("--nodes 0", "--nodes: '0' is not a whole number from 1 to 10000")]
    [InlineData("--nodes -1", "--nodes: '-1' is not a whole number from 1 to 10000")]
    [InlineData("--nodes 10001", "--nodes: '10001' is not a whole number from 1 to 10000")]
    [InlineData("--nodes many", "--nodes: 'many' is not a whole number from 1 to 10000")]
    [InlineData("--pods-per-node 251", "--pods-per-node: '251' is not a whole number from 1 to 250")]
    [InlineData("--speed 0", "--speed: '0' is not a number from 0.001 to 100000")]
    [InlineData("--speed NaN", "--speed: 'NaN' is not a number from 0.001 to 100000")]
    [InlineData("--storage disk", "--storage: 'disk' is not sqlite or postgres or memory")]
    [InlineData("--synchronous off", "--synchronous: 'off' is not normal or full")]
    [InlineData("--latency slow", "--latency: 'slow' is not realistic or none")]
    [InlineData("--latency-image-pull 5", "--latency-image-pull: '5' is not a duration from 0 to 1h, such as 200ms, 1.5s or 2m")]
    [InlineData("--latency-image-pull 2h", "--latency-image-pull: '2h' is not a duration from 0 to 1h, such as 200ms, 1.5s or 2m")]
    [InlineData("--ring-bytes 64MB", "--ring-bytes: '64MB' is not a size from 1MiB to 16GiB, such as 512KiB or 64MiB")]
    [InlineData("--ring-bytes 99999999999GiB", "--ring-bytes: '99999999999GiB' is not a size from 1MiB to 16GiB, such as 512KiB or 64MiB")]
    [InlineData("--silo-listen localhost", "--silo-listen: 'localhost' is not an address such as 192.0.2.1")]
    [InlineData("--silo-listen 1", "--silo-listen: '1' is not an address such as 192.0.2.1")]
    [InlineData("--silo-listen 0.0.0.0", "--silo-listen: means nothing without --storage postgres, in whose database silos find each other")]
    [InlineData("--storage postgres --connection-string Host=db --in-kubernetes --silo-listen ::", "--silo-listen: means nothing with --in-kubernetes, where a silo listens at every address of its pod")]
    [InlineData("--silo-port 65536", "--silo-port: '65536' is not a whole number from 1 to 65535")]
    [InlineData("--urls 127.0.0.1:8080", "--urls: '127.0.0.1:8080' is not a URL such as http://127.0.0.1:8080")]
    [InlineData("--urls http://127.0.0.1:8080/api", "--urls: 'http://127.0.0.1:8080/api' is not a URL such as http://127.0.0.1:8080")]
    [InlineData("--urls http://127.0.0.1:0", "--urls: 'http://127.0.0.1:0' is not a URL such as http://127.0.0.1:8080")]
    [InlineData("--urls https://127.0.0.1:8080", "--urls: 'https://127.0.0.1:8080' is not http; put a proxy in front where TLS is needed")]
    [InlineData("--data=", "--data needs a value: --data DIR")]
    [InlineData("--verbose=perhaps", "--verbose: 'perhaps' is not true or false")]
    [InlineData("--storage memory --synchronous full", "--synchronous: means nothing with --storage memory, which writes nothing to disk")]
    [InlineData("--storage postgres", "--storage postgres needs --connection-string")]
    [InlineData("--storage postgres --connection-string Host=db --synchronous full", "--synchronous: means nothing with --storage postgres, whose server decides (synchronous_commit)")]
    [InlineData("--storage memory --connection-string Host=db", "--connection-string: means nothing without --storage postgres")]
    [InlineData("--database-timeout 3s", "--database-timeout: means nothing without --storage postgres")]
    [InlineData("--storage postgres --connection-string Host=db;Pasword=secret", "--connection-string: that is not a connection string such as Host=localhost;Username=me;Password=…;Database=cluster")]
    [InlineData("--storage postgres --connection-string Port=5432", "--connection-string: that is not a connection string such as Host=localhost;Username=me;Password=…;Database=cluster")]
    [InlineData("--dns 10053", "--dns: '10053' is not an address and a port, such as 127.0.0.1:10053")]
    [InlineData("--dns 127.0.0.1", "--dns: '127.0.0.1' is not an address and a port, such as 127.0.0.1:10053")]
    [InlineData("--dns localhost:53", "--dns: 'localhost:53' is not an address and a port, such as 127.0.0.1:10053")]
    [InlineData("--dns 127.0.0.1:8080", "--urls and --dns both ask for port 8080")]
    [InlineData("--dns-address 10.96.0.0", "--dns-address: '10.96.0.0' is not an address of Services, such as 10.96.0.10")]
    [InlineData("--dns-address 192.0.2.1", "--dns-address: '192.0.2.1' is not an address of Services, such as 10.96.0.10")]
    [InlineData("--dns-address 10.244.2.9", "--dns-address: 10.244.2.9 is of the range of a node's pods")]
    [InlineData("--dns-address 10.0.0.10 --nodes 300", "--dns-address: 10.0.0.10 is of the range of a node's pods")]
    [InlineData("--silo-port 8080", "--urls and --silo-port both ask for port 8080")]
    [InlineData("--silo-port 5000 --gateway-port 5000", "--silo-port and --gateway-port both ask for port 5000")]
    [InlineData("--config nowhere.json", "--config: there is no file 'nowhere.json'")]
    public void A_wrong_command_line_gets_one_line(string line, string complaint) => Assert.Equal(complaint, Refused(line.Split(' ')));

    [Fact]
    public void A_bad_value_in_the_environment_is_blamed_on_its_variable()
    {
        var refused = ServerCommandLine.Parse([], new Dictionary<string, string> { ["ORLEANS_STATEFULSETS_NODES"] = "0" }, folder.FullName);

        Assert.Equal(new ServerCommand.Refuse("ORLEANS_STATEFULSETS_NODES: '0' is not a whole number from 1 to 10000"), refused);
    }

    [Theory]
    [InlineData("""{ "nodes": 0 }""", "{0}: nodes: '0' is not a whole number from 1 to 10000")]
    [InlineData("""{ "nods": 3 }""", "--config: '{0}' names an unknown option 'nods'")]
    [InlineData("""{ "nodes": { "count": 3 } }""", "--config: '{0}' names an unknown option 'nodes:count'")]
    [InlineData("""{ "nodes": """, "--config: '{0}' is not a JSON object of options")]
    [InlineData("[]", "--config: '{0}' is not a JSON object of options")]
    public void A_bad_configuration_file_is_refused_by_its_name(string content, string complaint)
    {
        var file = WriteFile(content);

        Assert.Equal(complaint.Replace("{0}", file, StringComparison.Ordinal), Refused("--config", file));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--nodes", "0", "--help")]
    public void Help_explains_every_option_with_its_default(params string[] args)
    {
        var help = Assert.IsType<ServerCommand.Print>(Parse(args)).Text;

        Assert.All(Settings.All, setting => Assert.Contains($"\n  {setting.CommandLineName} ", help.Replace("--verbose\n", "--verbose \n", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Contains("(default http://127.0.0.1:8080)", help.ReplaceLineEndings(" ").Replace("  ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(help.Split('\n'), line => line.Length > 110 || line.EndsWith(' '));
    }

    [Fact]
    public void The_defaults_that_help_shows_are_values_that_the_options_take()
    {
        foreach (var setting in Settings.All.Where(setting => setting.Default is not null))
        {
            var shown = setting.Default!(new ServerOptions());
            Assert.Equal(shown, setting.Default(setting.Apply(new ServerOptions(), shown)));
        }
    }

    [Fact]
    public void Version_is_printed_alone() =>
        Assert.Matches(@"\AOrleans\.StatefulSets \d+\.\d+\.\d+\S*\r?\n\z", Assert.IsType<ServerCommand.Print>(Parse("--version")).Text);

    private ServerOptions Accepted(params string[] args) => Assert.IsType<ServerCommand.Run>(Parse(args)).Options;

    private string Refused(params string[] args) => Assert.IsType<ServerCommand.Refuse>(Parse(args)).Line;

    private ServerCommand Parse(params string[] args) => ServerCommandLine.Parse(args, new Dictionary<string, string>(), folder.FullName);

    private string WriteFile(string content)
    {
        var path = Path.Combine(folder.FullName, ".cluster.json");
        File.WriteAllText(path, content);
        return path;
    }
}
