using System.Text;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Tests.Processes;

public sealed class TerminalTests
{
    private readonly EmulatedContainer container = new();
    private readonly Terminal terminal;
    private readonly byte[] buffer = new byte[8192];

    public TerminalTests() => terminal = new Terminal(container.Table);

    [Theory]
    [InlineData("abc\r", "abc\n", "abc\r\n")]
    [InlineData("abx\u007fc\r", "abc\n", "abx\b \bc\r\n")]
    [InlineData("one two\u0017three\r", "one three\n", "one two\b \b\b \b\b \bthree\r\n")]
    [InlineData("wrong\u0015ok\r", "ok\n", "wrong\b \b\b \b\b \b\b \b\b \bok\r\n")]
    [InlineData("\u007f\u007fa\r", "a\n", "a\r\n")]
    [InlineData("a\u0001\u007f\r", "a\n", "a^A\b \b\b \b\r\n")]
    [InlineData("part\u0004", "part", "part")]
    public async Task KeysMakeALineThatIsEdited(string keys, string line, string screen)
    {
        await TypeAsync(keys);
        Assert.Equal(line, await ReadAsync());
        Assert.Equal(screen, await ScreenAsync());
    }

    [Fact]
    public async Task ACharacterOfSeveralBytesIsErasedAsOne()
    {
        await terminal.TypeAsync(Encoding.UTF8.GetBytes("aé\u007f\r"), default);
        Assert.Equal("a\n", await ReadAsync());
        Assert.EndsWith("\b \b\r\n", await ScreenAsync());
    }

    [Fact]
    public async Task ControlDOnAnEmptyLineIsTheEndOfInputOnce()
    {
        await TypeAsync("\u0004x\r");
        Assert.Equal("", await ReadAsync());
        Assert.Equal("x\n", await ReadAsync());
    }

    [Fact]
    public async Task RawModeGivesEveryKeyAndShowsNothing()
    {
        terminal.Modes = new TerminalModes { IsCanonical = false, IsEchoing = false, HasSignals = false, TakesReturns = false };
        await TypeAsync("a\u0003\r");
        Assert.Equal("a\u0003\r", await ReadAsync() + await ReadAsync() + await ReadAsync());
        terminal.HangUp();
        Assert.Equal("", await ScreenAsync());
    }

    [Fact]
    public async Task ControlCEndsTheForegroundGroupOnlyAndForgetsTheLine()
    {
        var (front, back) = (New(), New());
        terminal.ForegroundGroup = front.Group;
        await TypeAsync("half a line\u0003next\r");
        Assert.Equal((Signals.Interrupt, 0), (front.Signal, back.Signal));
        Assert.Equal("next\n", await ReadAsync());
        Assert.EndsWith("^Cnext\r\n", await ScreenAsync());
    }

    [Fact]
    public async Task OutputGetsReturnsAndItsWriterWaitsForWhoeverLooks()
    {
        var file = terminal.Open();
        await file.WriteAsync(Encoding.ASCII.GetBytes("a\nb"), default);
        Assert.Equal("a\r\nb", await ScreenAsync());
        var flood = file.WriteAsync(new byte[200_000], default).AsTask();
        Assert.False(flood.IsCompleted);
        for (var seen = 0; seen < 200_000;)
        {
            seen += await terminal.ReadOutputAsync(buffer, default);
        }

        await flood.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task KeysBeyondTheBoundAreLostWhileALineIsMadeAndTypingNeverWaits()
    {
        await TypeAsync(new string('x', 10_000) + "\r");
        var line = await ReadAsync();
        Assert.True(line.Length is > 4000 and < 4200 && line.EndsWith('\n'));
    }

    [Fact]
    public async Task AWindowOfAnotherSizeIsToldToTheForeground()
    {
        var process = New();
        var heard = 0;
        process.SignalHandler = signal => (heard = signal) != 0;
        terminal.ForegroundGroup = process.Group;
        terminal.Resize(132, 43);
        Assert.Equal((Signals.WindowChange, 132, 43), (heard, terminal.Columns, terminal.Rows));
        Assert.False(process.Killed.IsCancellationRequested);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task WhenNobodyHasItOpenOutputEndsAndWhenItsUserLeavesInputEnds()
    {
        var file = terminal.Open();
        file.Share();
        await file.CloseAsync();
        var reading = terminal.ReadOutputAsync(buffer, default).AsTask();
        Assert.False(reading.IsCompleted);
        await file.CloseAsync();
        Assert.Equal(0, await reading);
        terminal.HangUp();
        Assert.Equal("", await ReadAsync());
    }

    private Process New() => container.Table.New(container.Container, Credentials.Root, new Descriptors(8), container.Environment);

    private async Task TypeAsync(string keys) => await terminal.TypeAsync(Encoding.Latin1.GetBytes(keys), default);

    private async Task<string> ReadAsync() => Encoding.Latin1.GetString(buffer, 0, await terminal.Open().ReadAsync(buffer, default));

    private async Task<string> ScreenAsync() => Encoding.Latin1.GetString(buffer, 0, await terminal.ReadOutputAsync(buffer, default));
}
