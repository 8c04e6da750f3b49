using Orleans.StatefulSets.Cli.Clusters;
using Orleans.StatefulSets.Cli.Display;
using Orleans.StatefulSets.Cli.Planning;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.Supervision;
using Spectre.Console;

namespace Orleans.StatefulSets.Cli.Tests.Display;

public sealed class DisplayTests
{
    [Fact]
    public void A_change_is_a_line()
    {
        var (starting, ready, dead) = (Status((7, ProcessHealth.NoAnswer)), Status((7, ProcessHealth.Ready)), Status((7, ProcessHealth.Ended)));
        var restarted = Status((8, ProcessHealth.Ready));

        Assert.Equal(["silo-1: no answer (pid 7, http://127.0.0.1:18081)"], ChangeLines.Between(null, starting));
        Assert.Equal(["silo-1: ready (pid 7, http://127.0.0.1:18081)"], ChangeLines.Between(starting, ready));
        Assert.Empty(ChangeLines.Between(ready, ready));
        Assert.Equal(["silo-1: ended (pid 7, http://127.0.0.1:18081)"], ChangeLines.Between(ready, dead));
        Assert.Equal(["silo-1: ready (pid 8, http://127.0.0.1:18081)"], ChangeLines.Between(ready, restarted));
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(125, "2m5s")]
    [InlineData(7325, "2h2m")]
    [InlineData(90000, "1d1h")]
    public void An_age_has_two_units(int seconds, string text) => Assert.Equal(text, StatusTable.Age(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(3, 0, "Kubernetes 1.33 API at http://127.0.0.1:8080, served by 3 silos")]
    [InlineData(1, 0, "Kubernetes 1.33 API at http://127.0.0.1:8080, served by 1 silo")]
    [InlineData(3, 1, "Kubernetes 1.33 API at http://127.0.0.1:8080, served by 1 API process before 3 silos")]
    public void The_announcement_says_who_serves(int silos, int apiServers, string line) => Assert.Equal(
        line,
        Announcement.Of(new UpOptions { Directory = "/c", Url = new("http://127.0.0.1:8080"), Silos = silos, ApiServers = apiServers }, "/c/kubeconfig", "").First());

    [Theory]
    [InlineData("/c/kubeconfig", "/c/kubeconfig")]
    [InlineData("/my cluster/it's", @"'/my cluster/it'\''s'")]
    public void A_path_is_quoted_for_the_shell(string path, string quoted) => Assert.Equal(quoted, Announcement.Quoted(path));

    [Fact]
    public void Grains_are_counted_where_somebody_asked()
    {
        var status = Status((7, ProcessHealth.Ready), (8, ProcessHealth.Ended));
        Assert.DoesNotContain("PODS", Write(status)[0]);

        var lines = Write(status with { Processes = [status.Processes[0] with { Grains = new Dictionary<string, int> { ["pods"] = 12 } }, status.Processes[1]] });
        Assert.Equal(["STS", "PODS", "PVC", "NODES"], lines[0].TakeLast(4));
        Assert.Equal(["0", "12", "0", "0"], lines[1].TakeLast(4));
        Assert.Equal(["-", "-", "-", "-"], lines[2].TakeLast(4));
    }

    // The cells of each line.
    private static List<string[]> Write(ClusterStatus status)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        console.Write(StatusTable.Of(status));
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
    }

    private static ClusterStatus Status(params (int Pid, ProcessHealth Health)[] processes) => new()
    {
        Url = new("http://127.0.0.1:8080"),
        Kubeconfig = "/c/kubeconfig",
        Supervisor = 1,
        IsSupervised = true,
        IsReady = true,
        Processes =
        [
            .. processes.Select((process, index) => new ProcessStatus
            {
                Name = $"silo-{index + 1}",
                Role = ProcessRole.All,
                Pid = process.Pid,
                Url = new($"http://127.0.0.1:{18081 + index}"),
                Health = process.Health,
                Restarts = 0,
                Uptime = TimeSpan.Zero,
            }),
        ],
    };
}
