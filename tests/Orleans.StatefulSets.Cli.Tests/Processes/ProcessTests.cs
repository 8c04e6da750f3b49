using System.Globalization;
using Orleans.StatefulSets.Acceptance.Tests;
using Orleans.StatefulSets.Cli.Processes;

namespace Orleans.StatefulSets.Cli.Tests.Processes;

public sealed class ProcessTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private readonly OrderlyEnd end = new(TimeProvider.System);

    [Fact]
    public void This_process_is_alive_and_a_later_one_of_its_id_is_another()
    {
        var self = ProcessIdentity.Find(Environment.ProcessId)!;

        Assert.True(self.IsAlive);
        Assert.False((self with { Began = "some other time" }).IsAlive);
        Assert.Null(ProcessIdentity.Find(int.MaxValue));
    }

    [Fact]
    public async Task Who_obeys_is_not_killed()
    {
        using var process = await SleepingProcess.StartAsync("trap 'echo good-bye; exit 0' TERM");

        Assert.True(await end.EndAsync(process.Identity, Signals.Terminate, Long));
        Assert.False(process.Identity.IsAlive);
        Assert.Equal("good-bye", process.Log.LastLine(0));
    }

    [Fact]
    public async Task Who_does_not_obey_is_killed_after_a_while()
    {
        using var process = await SleepingProcess.StartAsync("trap 'echo no' TERM");

        Assert.False(await end.EndAsync(process.Identity, Signals.Terminate, TimeSpan.FromMilliseconds(300)));
        Assert.False(process.Identity.IsAlive);
    }

    [Fact]
    public async Task In_a_hurry_nobody_is_waited_for()
    {
        using var process = await SleepingProcess.StartAsync("trap 'echo no' TERM");
        using var hurry = new CancellationTokenSource();
        await hurry.CancelAsync();

        Assert.False(await end.EndAsync(process.Identity, Signals.Terminate, TimeSpan.FromHours(1), hurry.Token));
        Assert.False(process.Identity.IsAlive);
    }

    [Fact]
    public async Task A_signal_for_one_who_is_gone_does_not_reach_the_next_of_its_id()
    {
        using var process = await SleepingProcess.StartAsync();
        var before = process.Identity with { Began = "before" };

        Assert.True(await end.EndAsync(before, Signals.Kill, Long));
        Assert.True(process.Identity.IsAlive);
    }

    [Fact]
    public async Task A_background_process_is_the_program_itself_in_a_session_of_its_own()
    {
        using var process = await SleepingProcess.StartAsync("echo $$; cat /proc/$$/stat 2>/dev/null; echo $GREETING");

        var lines = await File.ReadAllLinesAsync(process.Log.Path);
        Assert.Equal(process.Identity.Id.ToString(CultureInfo.InvariantCulture), lines[0]);
        if (OperatingSystem.IsLinux())
        {
            // The third number after the name is the session.
            Assert.Equal(lines[0], lines[1][(lines[1].LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]);
        }
    }

    [Fact]
    public async Task What_it_prints_is_added_to_the_file()
    {
        var folder = Directory.CreateTempSubdirectory("log-");
        var log = new LogFile(Path.Combine(folder.FullName, "log"));
        await File.WriteAllTextAsync(log.Path, "before\n");
        var since = log.Length;
        Assert.Null(log.LastLine(since));

        using var process = BackgroundProcess.Start(["/bin/sh", "-c", "echo $GREETING; echo \"$@\" >&2; exit 3", "sh", "a b", "$c"], new Dictionary<string, string> { ["GREETING"] = "hello" }, log);
        using var limit = new CancellationTokenSource(Long);
        await process.WaitForExitAsync(limit.Token);

        Assert.Equal(3, process.ExitCode);
        Assert.Equal(["before", "hello", "a b $c"], await File.ReadAllLinesAsync(log.Path));
        Assert.Equal("a b $c", log.LastLine(since));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_log_that_has_grown_is_put_beside_while_it_is_written_to()
    {
        using var process = await SleepingProcess.StartAsync($"head -c {LogFile.MostBytes} /dev/zero; echo last; trap 'echo next' TERM");

        process.Log.KeepBounded();
        Assert.Equal(0, process.Log.Length);
        Assert.True(new FileInfo($"{process.Log.Path}.1").Length > LogFile.MostBytes);

        Signals.Send(process.Identity, Signals.Terminate);
        await Deadline.WaitAsync(Long, () => process.Log.LastLine(0) == "next", () => "the process prints no more");
        process.Log.KeepBounded();
        Assert.Equal("next\n".Length, process.Log.Length);
    }

    [Theory]
    [InlineData("/x/src/Orleans.StatefulSets.Cli/bin/Release/net10.0/", "/x/src/Orleans.StatefulSets.Server/bin/Release/net10.0/Orleans.StatefulSets.Server.dll")]
    [InlineData("/Orleans.StatefulSets.Cli/src/Orleans.StatefulSets.Cli/bin/Debug/net10.0/", "/Orleans.StatefulSets.Cli/src/Orleans.StatefulSets.Server/bin/Debug/net10.0/Orleans.StatefulSets.Server.dll")]
    public void The_server_is_beside_or_in_its_own_output(string own, string output) =>
        Assert.Equal([$"{own}Orleans.StatefulSets.Server.dll", output], ServerProgram.Candidates(own));

    [Fact]
    public void Elsewhere_the_server_is_only_beside() => Assert.Single(ServerProgram.Candidates("/opt/statefulsets/"));
}
