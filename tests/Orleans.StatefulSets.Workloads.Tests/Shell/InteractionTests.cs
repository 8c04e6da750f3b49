using System.Text;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Tests.Shell;

/// <summary>A person at a terminal with a shell: what is typed, and what stands on the screen.</summary>
public sealed class InteractionTests
{
    [Theory]
    [InlineData("echo hi\rexit 3\r", "/ # echo hi\r\nhi\r\n/ # exit 3\r\n", 3)]
    [InlineData("false\r\u0004", "/ # false\r\n/ # \r\n", 1)]
    [InlineData("if true\rthen echo y; fi\rexit\r", "/ # if true\r\n> then echo y; fi\r\ny\r\n/ # exit\r\n", 0)]
    [InlineData("echo ac\u001b[Db\rexit\r", "/ # echo ac\bbc\b\r\nabc\r\n/ # exit\r\n", 0)]
    [InlineData("echo (\rexit\r", "/ # echo (\r\nsh: syntax error: unexpected newline (expecting \")\")\r\n/ # exit\r\n", 2)]
    [InlineData("cd /tmp\rexit\r", "/ # cd /tmp\r\n/tmp # exit\r\n", 0)]
    [InlineData("nosuch\r${x?}\recho still\rexit\r", "/ # nosuch\r\nsh: nosuch: not found\r\n/ # ${x?}\r\nsh: x: parameter not set\r\n/ # echo still\r\nstill\r\n/ # exit\r\n", 0)]
    public async Task TheScreenShows(string keys, string screen, int status)
    {
        var (shown, ended) = await TypeAsync(keys);
        Assert.Equal((screen, status), (shown, ended));
    }

    [Fact]
    public async Task ControlCAtThePromptAsksAgainWithStatus130()
    {
        var (shown, _) = await TypeAsync("echo half\u0003echo $?\rexit\r");
        Assert.Equal("/ # echo half^C\r\n/ # echo $?\r\n130\r\n/ # exit\r\n", shown);
    }

    [Fact]
    public async Task TheArrowUpBringsBackWhatWasTyped()
    {
        var (shown, _) = await TypeAsync("echo one\recho two\r\u001b[A\u001b[A\r\u0010\r\u001b[A\u001b[B\rexit\r");
        Assert.Equal(3, shown.Split("\r\none\r\n").Length - 1);
    }

    [Fact]
    public async Task KillKeysCutTheLine()
    {
        var (shown, _) = await TypeAsync("echo wrong words\u0017right\rgarbage\u0015echo clean\recho keep drop\u001b[D\u001b[D\u001b[D\u001b[D\u000b\rexit\r");
        Assert.Contains("\r\nwrong right\r\n", shown);
        Assert.Contains("\r\nclean\r\n", shown);
        Assert.Contains("\r\nkeep\r\n", shown);
    }

    [Fact]
    public async Task TabCompletesNamesOfFilesAndCommands()
    {
        var (shown, _) = await TypeAsync("cd /et\t\recho pass\t\rexit\r");
        Assert.Contains("/etc # ", shown);
        Assert.Contains("\r\npasswd\r\n", shown);
    }

    [Fact]
    public async Task ControlCEndsTheCommandAndNotTheShell()
    {
        await using var session = new Session();
        await session.UntilAsync("/ # ");
        await session.TypeAsync("cat\r");
        await session.UntilAsync("cat\r\n");
        await session.TypeAsync("line\r");
        await session.UntilAsync("line\r\nline\r\n");
        await session.TypeAsync("\u0003");
        await session.UntilAsync("^C");
        await session.TypeAsync("echo $?\r");
        await session.UntilAsync("130\r\n");
        await session.TypeAsync("exit 4\r");
        Assert.Equal(4, await session.End.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task ControlCEndsALoopOfBuiltins()
    {
        await using var session = new Session();
        await session.TypeAsync("while true; do :; done\r");
        await session.UntilAsync("done\r\n");
        await session.TypeAsync("\u0003");
        await session.UntilAsync("\r\n/ # ");
        await session.TypeAsync("echo back\rexit\r");
        await session.UntilAsync("back\r\n");
        Assert.Equal(0, await session.End.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private static async Task<(string Screen, int Status)> TypeAsync(string keys)
    {
        await using var session = new Session();
        await session.UntilAsync("/ # ");
        await session.TypeAsync(keys);
        var status = await session.End.WaitAsync(TimeSpan.FromSeconds(10));
        return ("/ # " + await session.RestAsync(), status);
    }

    private sealed class Session : IAsyncDisposable
    {
        private readonly EmulatedContainer container = new();
        private readonly Terminal terminal;
        private readonly StringBuilder screen = new();
        private readonly byte[] buffer = new byte[4096];

        public Session()
        {
            terminal = new Terminal(container.Table);
            End = container.OnSchedulerAsync(() =>
            {
                var file = terminal.Open();
                file.Share();
                file.Share();
                var (process, end) = container.Begin(["sh"], file, file, file);
                terminal.ForegroundGroup = process.Group;
                return end;
            });
        }

        public Task<int> End { get; }

        public Task TypeAsync(string keys) => container.OnSchedulerAsync(async () =>
        {
            await terminal.TypeAsync(Encoding.Latin1.GetBytes(keys), default);
            return true;
        });

        public async Task UntilAsync(string text)
        {
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            while (!screen.ToString().Contains(text, StringComparison.Ordinal))
            {
                Assert.True(await MoreAsync(late.Token) > 0, $"The screen never showed {text}: {screen}");
            }

            screen.Remove(0, screen.ToString().IndexOf(text, StringComparison.Ordinal) + text.Length);
        }

        public async Task<string> RestAsync()
        {
            while (await MoreAsync(default) > 0)
            {
            }

            return screen.ToString();
        }

        public async ValueTask DisposeAsync() => await container.OnSchedulerAsync(() =>
        {
            foreach (var process in container.Table.Running.ToList())
            {
                process.Send(Signals.Kill);
            }

            return Task.FromResult(true);
        });

        private async Task<int> MoreAsync(CancellationToken cancellation)
        {
            var count = await container.OnSchedulerAsync(() => terminal.ReadOutputAsync(buffer, cancellation).AsTask());
            screen.Append(Encoding.Latin1.GetString(buffer, 0, count));
            return count;
        }
    }
}
