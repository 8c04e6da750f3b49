using System.Diagnostics;
using System.Runtime.Versioning;

namespace Orleans.StatefulSets.Storage.Tests.Directories;

// The second process is a Unix shell with flock(1).
[UnsupportedOSPlatform("windows")]
public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_directory_that_another_process_holds_is_refused_with_that_process_named()
    {
        using var other = HoldInAnotherProcess();
        File.WriteAllText(directory.File("server.pid"), "4711");
        var failure = Assert.Throws<JournalStorageException>(() => DataDirectory.Open(directory.Path));
        Assert.Equal(JournalStorageProblem.DataDirectoryInUse, failure.Problem);
        Assert.Equal($"the data directory {directory.Path} is in use by another server (process 4711)", failure.Message);

        other.Kill();
        other.WaitForExit();
        using var hold = DataDirectory.Open(directory.Path);
        Assert.Equal(directory.Path, hold.Path);
    }

    [Fact]
    public void Within_one_process_the_hold_is_shared_until_the_last_lets_go()
    {
        var first = DataDirectory.Open(directory.Path);
        var second = DataDirectory.Open(directory.Path + "/");
        first.Dispose();
        first.Dispose();
        Assert.Equal("busy", TryInAnotherProcess());
        second.Dispose();
        Assert.Equal("free", TryInAnotherProcess());
    }

    [Fact]
    public void A_path_below_a_file_is_one_clear_line()
    {
        File.WriteAllText(directory.File("file"), "");
        var path = directory.File("file/data");
        var failure = Assert.Throws<JournalStorageException>(() => DataDirectory.Open(path));
        Assert.Equal(JournalStorageProblem.Unavailable, failure.Problem);
        Assert.StartsWith($"the data directory {path} can't be used: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void The_directory_is_made_for_its_owner_alone()
    {
        using var hold = DataDirectory.Open(directory.File("new/data"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(hold.Path));
    }

    private Process HoldInAnotherProcess()
    {
        var process = Shell($"exec 9>'{directory.File("server.lock")}'; flock -xn 9 && echo held && exec sleep 60 9>&9");
        Assert.Equal("held", process.StandardOutput.ReadLine());
        return process;
    }

    private string? TryInAnotherProcess()
    {
        using var process = Shell($"flock -xn '{directory.File("server.lock")}' echo free || echo busy");
        return process.StandardOutput.ReadLine();
    }

    private static Process Shell(string script) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true })!;
}
