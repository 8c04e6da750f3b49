using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Tests.Processes;

public sealed class ExecutionTests
{
    private static readonly Caller Root = new("/", Credentials.Root, 0);
    private readonly EmulatedContainer container = new();

    [Theory]
    [InlineData("/bin/echo", 0x1ED, "#!emulated echo\n", "hi x\n", 0)]
    [InlineData("/tmp/interpreted", 0x1ED, "#!/bin/sh\necho $0 $1\n", "/tmp/interpreted x\n", 0)]
    [InlineData("/tmp/flags", 0x1ED, "#! /bin/sh -e\necho $0; false; echo no\n", "/tmp/flags\n", 1)]
    public async Task AFileRunsWhatItsFirstLineSays(string path, int mode, string text, string output, int status)
    {
        await container.Container.Files.WriteAllAsync(Root, path, ByteText.ToBytes(text), mode);
        var outcome = await container.ShellAsync(path == "/bin/echo" ? "echo hi x" : $"{path} x");
        Assert.Equal((output, status), (outcome.Output, outcome.Status));
    }

    [Theory]
    [InlineData("/tmp/missing", null, 0, Errno.ENOENT)]
    [InlineData("/tmp", null, 0, Errno.EACCES)]
    [InlineData("/tmp/plain", "echo", 0x1A4, Errno.EACCES)]
    [InlineData("/tmp/text", "echo no interpreter", 0x1ED, Errno.ENOEXEC)]
    [InlineData("/tmp/empty", "", 0x1ED, Errno.ENOEXEC)]
    [InlineData("/tmp/lost", "#!/no/such\n", 0x1ED, Errno.ENOENT)]
    [InlineData("/tmp/self", "#!/tmp/self\n", 0x1ED, Errno.ELOOP)]
    [InlineData("/tmp/unknown", "#!emulated nothing\n", 0x1ED, Errno.ENOENT)]
    public async Task WhatCannotRunSaysWhy(string path, string? text, int mode, Errno code)
    {
        if (text is not null)
        {
            await container.Container.Files.WriteAllAsync(Root, path, ByteText.ToBytes(text), mode);
        }

        var process = container.Table.New(container.Container, Credentials.Root, new Descriptors(8), container.Environment);
        var failure = await Assert.ThrowsAsync<FileException>(async () => await Execution.ExecuteAsync(process, path, [path]));
        Assert.Equal(code, failure.Code);
    }

    [Fact]
    public async Task AProgramIsFoundInTheFirstDirectoryThatHasItExecutable()
    {
        var files = container.Container.Files;
        await files.MakeDirectoryAsync(Root, "/tmp/a");
        await files.MakeDirectoryAsync(Root, "/tmp/b");
        await files.WriteAllAsync(Root, "/tmp/a/tool", ByteText.ToBytes("x"), 0x1A4);
        await files.WriteAllAsync(Root, "/tmp/b/tool", ByteText.ToBytes("x"), 0x1ED);
        container.Environment["PATH"] = "/tmp/a:/tmp/b";
        var process = container.Table.New(container.Container, Credentials.Root, new Descriptors(8), container.Environment);
        Assert.Equal("/tmp/b/tool", await Execution.FindInPathAsync(process, "tool"));
        Assert.Null(await Execution.FindInPathAsync(process, "echo"));
        Assert.Equal("./x", await Execution.FindInPathAsync(process, "./x"));
    }

    [Fact]
    public async Task AnExecutedProgramKeepsIgnoredSignalsAndLosesHandlers()
    {
        var outcome = await container.ShellAsync("trap '' HUP; trap 'echo no' TERM; sh -c 'kill -HUP $$; echo alive; kill -TERM $$; echo no'; echo $?");
        Assert.Equal("alive\n143\n", outcome.Output);
    }
}
