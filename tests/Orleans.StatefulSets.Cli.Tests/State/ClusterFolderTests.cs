using System.Text.RegularExpressions;
using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Planning;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.State;

namespace Orleans.StatefulSets.Cli.Tests.State;

public sealed class ClusterFolderTests : IDisposable
{
    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("cluster-folder-");
    private readonly ClusterFolder folder;

    public ClusterFolderTests() => folder = new ClusterFolder(Path.Combine(parent.FullName, "cluster"));

    public void Dispose() => parent.Delete(recursive: true);

    [Fact]
    public void What_was_saved_is_read_again()
    {
        using var held = folder.Lock();
        var state = SomeState();
        folder.Save(state);

        var read = folder.Load()!;
        Assert.Equal(state with { Processes = [] }, read with { Processes = [] });
        Assert.Equal(state.Processes, read.Processes);
        folder.Forget();
        Assert.Null(folder.Load());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    public void What_is_no_state_is_none(string text) => Assert.Null(ClusterState.Read(text));

    [Fact]
    public void A_folder_has_one_supervisor_at_a_time()
    {
        using (folder.Lock())
        {
            var refusal = Assert.Throws<CommandException>(folder.Lock);
            Assert.Equal($"a cluster already runs in {folder.Path}: cluster status shows it, cluster down ends it", refusal.Message);
        }

        folder.Lock().Dispose();
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_named()
    {
        File.WriteAllText(folder.Path, "mine");

        Assert.Equal($"{folder.Path} is a file, not a folder; choose another with --data", Assert.Throws<CommandException>(folder.Lock).Message);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(folder.Path, "mine");
        var inside = new ClusterFolder(folder.OfProcess("deeper"));

        Assert.Matches(
            $"^{Regex.Escape(inside.Path)} cannot be made a cluster's folder \\(.+\\); choose another with --data$", Assert.Throws<CommandException>(inside.Lock).Message);
    }

    [Fact]
    public void Only_what_clusters_leave_is_deleted()
    {
        folder.Lock().Dispose();
        folder.Save(SomeState());
        foreach (var name in (string[])["silo-1", "silo-16", "api-2", "postgres", "silo-x", "photos"])
        {
            Directory.CreateDirectory(folder.OfProcess(name));
        }

        folder.Delete();
        Assert.Equal(["photos", "silo-x"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        Directory.Delete(folder.OfProcess("photos"));
        Directory.Delete(folder.OfProcess("silo-x"));
        folder.Delete();
        Assert.False(Directory.Exists(folder.Path));
        folder.Delete();
    }

    [Fact]
    public void Secrets_are_their_owners()
    {
        var path = Path.Combine(parent.FullName, "secret");
        File.WriteAllText(path, "old");

        PrivateFile.Write(path, "new");

        Assert.Equal("new", File.ReadAllText(path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void The_roster_keeps_one_entry_of_each_name_in_the_order_of_their_start()
    {
        using var held = folder.Lock();
        var roster = new ClusterRoster(folder, SomeState() with { Processes = [] });
        var first = SomeState().Processes[0];
        roster.Enter(first);
        roster.Enter(first with { Name = "silo-2" });
        roster.Enter(first with { Restarts = 1 });
        roster.Complete();

        Assert.Equal([("silo-1", 1), ("silo-2", 0)], folder.Load()!.Processes.Select(process => (process.Name, process.Restarts)));
        Assert.True(folder.Load()!.HasStarted);
    }

    [Fact]
    public void The_kubeconfig_names_the_balancer_and_keeps_the_token()
    {
        const string text = """
            clusters:
            - name: orleans-statefulsets
              cluster:
                server: "http://127.0.0.1:18081"
                insecure-skip-tls-verify: true
            users:
            - name: orleans-statefulsets
              user:
                token: "abc"

            """;

        Assert.Equal(text.Replace("18081", "8080", StringComparison.Ordinal), Kubeconfigs.Redirect(text, new("http://127.0.0.1:8080")));
    }

    private static ClusterState SomeState() => new()
    {
        Supervisor = new ProcessIdentity(17, "boot/1"),
        Url = new("http://127.0.0.1:8080"),
        HasStarted = true,
        Processes =
        [
            new RunningProcess
            {
                Name = "silo-1",
                Role = ProcessRole.All,
                Url = new("http://127.0.0.1:18081"),
                Identity = new ProcessIdentity(18, "boot/2"),
                StartedAt = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero),
            },
        ],
    };
}
