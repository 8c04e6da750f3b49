using System.CommandLine;
using Orleans.StatefulSets.Cli.Clusters;
using Orleans.StatefulSets.Cli.CommandLine;

namespace Orleans.StatefulSets.Cli.Tests.Clusters;

public sealed class UpOptionsTests
{
    public static TheoryData<string> Lines =>
    [
        "cluster up",
        "cluster up --silos 16 --api-servers 2 --data somewhere --url http://127.0.0.1:9999",
        "cluster up --no-restart --server server.dll",
        "cluster up -- --nodes 10 --speed 60",
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_supervisor_in_the_background_is_told_the_same(string line)
    {
        var options = Read(line.Split(' '), []);
        var again = Read(options.ToArguments(), []);

        Assert.Equal(options with { ServerArguments = [] }, again with { ServerArguments = [] });
        Assert.Equal(options.ServerArguments, again.ServerArguments);
    }

    [Fact]
    public void A_password_is_on_no_command_line()
    {
        const string database = "Host=db;Username=me;Password=open-sesame";

        Assert.Equal(database, Read(["cluster", "up", "--connection-string", database], []).ConnectionString);
        var options = Read(["cluster", "up"], new Dictionary<string, string> { [UpOptions.ConnectionVariable] = database });

        Assert.Equal(database, options.ConnectionString);
        Assert.DoesNotContain(options.ToArguments(), word => word.Contains("open-sesame", StringComparison.Ordinal));
    }

    [Fact]
    public void A_relative_folder_is_one_of_the_current_folder() =>
        Assert.Equal(Path.GetFullPath("/here/there"), Read(["cluster", "up", "--data", "there"], []).Directory);

    private static UpOptions Read(IReadOnlyList<string> args, Dictionary<string, string> variables)
    {
        var (words, handedOn) = CliCommandLine.Split(args);
        var line = new UpCommandLine();
        var up = new Command(UpCommand.Name);
        line.AddTo(up);
        return line.Read(up.Parse([.. words.Skip(2)]), Here(variables), handedOn ?? []);
    }

    private static Surroundings Here(Dictionary<string, string> variables) => new()
    {
        Output = TextWriter.Null,
        Errors = TextWriter.Null,
        IsTerminal = false,
        Variables = variables,
        CurrentDirectory = Path.GetFullPath("/here"),
        Time = TimeProvider.System,
    };
}
