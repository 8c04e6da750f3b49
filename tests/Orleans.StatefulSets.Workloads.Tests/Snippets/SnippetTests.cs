using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;
using Xunit.Abstractions;

namespace Orleans.StatefulSets.Workloads.Tests.Snippets;

/// <summary>
/// Snippets of shell, in the files beside this one, separated by lines of three dashes. Each runs in the machine's own busybox, in a
/// folder of its own, and in an emulated container: same output, same exit status.
/// </summary>
public sealed class SnippetTests(ITestOutputHelper log)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Snippets");

    public static TheoryData<string, int> All()
    {
        var data = new TheoryData<string, int>();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.txt").Order(StringComparer.Ordinal))
        {
            for (var i = 0; i < Read(Path.GetFileName(file)).Count; i++)
            {
                data.Add(Path.GetFileName(file), i + 1);
            }
        }

        return data;
    }

    [SkippableTheory]
    [MemberData(nameof(All))]
    public async Task SnippetPrintsAndEndsAsInBusybox(string file, int number)
    {
        Requirement.Of(RealBusybox.IsThere, "busybox");
        Requirement.Of(Environment.IsPrivilegedProcess, "the superuser, whom the emulated side acts for too");
        var snippet = Read(file)[number - 1];
        log.WriteLine(snippet);
        var expected = await RealBusybox.RunAsync(snippet);
        var actual = await EmulatedAsync(snippet);
        log.WriteLine($"--- busybox:\n{expected.Output}--- on stderr:\n{expected.Errors}--- emulated:\n{actual.Output}--- on stderr:\n{actual.Errors}");
        Assert.Equal($"{expected.Output}[{expected.Status}]", $"{actual.Output}[{actual.Status}]");
    }

    [Fact]
    public void ThereAreEnoughSnippetsOfTheShell() =>
        Assert.True(Directory.EnumerateFiles(Folder, "shell-*.txt").Sum(file => Read(Path.GetFileName(file)).Count) >= 250);

    private static async Task<Outcome> EmulatedAsync(string snippet)
    {
        var container = new EmulatedContainer();
        await container.Container.Files.MakeDirectoryAsync(new Caller("/", Credentials.Root, 0), "/tmp/snippet");
        return await container.RunAsync(["sh", "-c", ByteText.FromText(snippet)], directory: "/tmp/snippet");
    }

    private static List<string> Read(string file) =>
        [.. (File.ReadAllText(Path.Combine(Folder, file)) + "\n").Split("\n---\n").Select(block => block.Trim('\n')).Where(block => block.Length > 0)];
}
