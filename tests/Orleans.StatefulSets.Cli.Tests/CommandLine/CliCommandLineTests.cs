using Orleans.StatefulSets.Cli.CommandLine;

namespace Orleans.StatefulSets.Cli.Tests.CommandLine;

public sealed class CliCommandLineTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("cli-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("", "say what to do: cluster; --help explains")]
    [InlineData("cluster", "say what to do: up, status, down; --help explains")]
    [InlineData("cluster sideways", "unknown argument 'sideways'; --help lists the options")]
    [InlineData("cluster up --foo", "unknown option '--foo'; --help lists the options")]
    [InlineData("cluster up --silos", "--silos needs a value: --silos N")]
    [InlineData("cluster up --data --detach", "--data needs a value: --data DIR")]
    [InlineData("cluster up --silos 0", "--silos: '0' is not a whole number from 1 to 16")]
    [InlineData("cluster up --silos 17", "--silos: '17' is not a whole number from 1 to 16")]
    [InlineData("cluster up --silos many", "--silos: 'many' is not a whole number from 1 to 16")]
    [InlineData("cluster up --silos 2 --silos 3", "--silos is given more than once")]
    [InlineData("cluster up --api-servers -1", "--api-servers: '-1' is not a whole number from 0 to 16")]
    [InlineData("cluster up --url nowhere", "--url: 'nowhere' is not a URL such as http://127.0.0.1:8080")]
    [InlineData("cluster up --url https://127.0.0.1:8443", "--url: 'https://127.0.0.1:8443' is not a URL such as http://127.0.0.1:8080")]
    [InlineData("cluster up --connection-string secret", "--connection-string: it is not of the form 'Host=…;Username=…;Password=…;Database=…'")]
    [InlineData("cluster up -- --urls http://127.0.0.1:1", "--urls: can't be handed to the servers, cluster up chooses it for each of them")]
    [InlineData("cluster up -- --nodes 3 --dns=127.0.0.1:53", "--dns: can't be handed to the servers, cluster up chooses it for each of them")]
    [InlineData("cluster status -o yaml", "--output: 'yaml' is not table or json")]
    [InlineData("cluster down -- --nodes 3", "only cluster up hands on what stands behind --")]
    public async Task A_wrong_command_line_ends_with_2_and_one_line(string line, string complaint)
    {
        var run = await RunAsync(line);

        Assert.Equal(ExitCodes.Refused, run.ExitCode);
        Assert.Equal([complaint], run.Errors);
        Assert.Empty(run.Output);
        Assert.Empty(folder.GetFileSystemInfos());
    }

    [Theory]
    [InlineData("http://10.0.0.1:8080")]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://example.org:8080")]
    public async Task A_balancer_is_not_for_other_machines(string url)
    {
        var run = await RunAsync($"cluster up --url {url}");

        Assert.Equal(ExitCodes.Refused, run.ExitCode);
        Assert.StartsWith($"--url: '{url}' is not an address of loopback", Assert.Single(run.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "cluster")]
    [InlineData("cluster --help", "status")]
    [InlineData("cluster up --help", "--silos <N>")]
    public async Task Help_ends_with_0(string line, string shown)
    {
        var run = await RunAsync(line);

        Assert.Equal(ExitCodes.Done, run.ExitCode);
        Assert.Contains(run.Output, text => text.Contains(shown, StringComparison.Ordinal));
        Assert.Empty(run.Errors);
    }

    [Theory]
    [InlineData(new[] { "up", "--silos", "3" }, new[] { "up", "--silos", "3" }, null)]
    [InlineData(new[] { "up", "--" }, new[] { "up" }, new string[0])]
    [InlineData(new[] { "up", "--", "--nodes", "3", "--", "x" }, new[] { "up" }, new[] { "--nodes", "3", "--", "x" })]
    public void What_stands_behind_the_first_two_dashes_is_not_read(string[] args, string[] words, string[]? handedOn)
    {
        var split = CliCommandLine.Split(args);

        Assert.Equal(words, split.Words);
        Assert.Equal(handedOn, split.HandedOn);
    }

    [Fact]
    public async Task A_cluster_that_never_was_is_said_not_to_run()
    {
        var (status, down) = (await RunAsync("cluster status"), await RunAsync("cluster down"));

        var line = $"no cluster runs in {Path.Combine(folder.FullName, ".cluster")}";
        Assert.Equal((ExitCodes.Failed, line), (status.ExitCode, Assert.Single(status.Errors)));
        Assert.Equal((ExitCodes.Done, line), (down.ExitCode, Assert.Single(down.Output)));
    }

    private Task<RecordedRun> RunAsync(string line) => RecordedRun.OfAsync(folder.FullName, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
