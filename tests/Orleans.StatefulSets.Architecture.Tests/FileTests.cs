using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Architecture.Tests;

/// <summary>What the house's files look like.</summary>
public sealed partial class FileTests
{
    private const int LongestFile = 350;
    private const int LongestMedian = 100;

    /// <summary>Files that were longer when the rule came; the list only shrinks.</summary>
    private static readonly string[] LongFromOfOld = [];

    /// <summary>The places that provide time and chance to all others.</summary>
    private static readonly string[] Providers = [];

    [Fact]
    public void A_file_holds_one_idea()
    {
        var tooLong = Repository.Sources.Where(file => Lines(file) > LongestFile).Select(Repository.PathOf).ToList();

        Assert.Empty(tooLong.Except(LongFromOfOld));
        Assert.Empty(LongFromOfOld.Except(tooLong));
    }

    [Fact]
    public void Most_files_are_small()
    {
        var lengths = Repository.Sources.Where(file => Repository.PathOf(file).StartsWith("src/", StringComparison.Ordinal)).Select(Lines).Order().ToList();

        Assert.InRange(lengths[lengths.Count / 2], 1, LongestMedian);
    }

    [Fact]
    public void Time_and_chance_come_from_their_providers_only()
    {
        var lifted = Repository.Files
            .Where(file => file.Extension is ".cs" or ".csproj" or ".props" or ".targets" or ".editorconfig" && file.Name != $"{nameof(FileTests)}.cs")
            .Where(file => File.ReadAllText(file.FullName).Contains("RS0030", StringComparison.Ordinal))
            .Select(Repository.PathOf);

        Assert.Empty(lifted.Except(Providers));
    }

    [Fact]
    public void The_banned_symbols_are_in_effect_in_every_project()
    {
        var shared = File.ReadAllText(Path.Combine(Repository.Root.FullName, "Directory.Build.props"));

        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", shared, StringComparison.Ordinal);
        Assert.Contains("BannedSymbols.txt", shared, StringComparison.Ordinal);
        Assert.Contains("P:System.DateTime.UtcNow;", File.ReadAllText(Path.Combine(Repository.Root.FullName, "BannedSymbols.txt")), StringComparison.Ordinal);
        var nearer = Repository.Files.Where(file => file.Name == "Directory.Build.props" && file.DirectoryName != Repository.Root.FullName);
        Assert.All(nearer, file => Assert.Contains("GetPathOfFileAbove", File.ReadAllText(file.FullName), StringComparison.Ordinal));
    }

    [Fact]
    public void No_text_names_a_folder_of_somebodys_machine()
    {
        var naming = Repository.Files
            .Where(file => file.Length < 1_000_000 && file.Name != $"{nameof(FileTests)}.cs")
            .SelectMany(file => File.ReadLines(file.FullName).Where(line => MachineFolder().IsMatch(line)).Select(line => $"{Repository.PathOf(file)}: {line.Trim()}"));

        Assert.Empty(naming);
    }

    private static int Lines(FileInfo file) => File.ReadLines(file.FullName).Count();

    [GeneratedRegex("""(^|[\s"'`=(:])(/[w]ork/|/[r]oot/|[A-Z]:\\Users\\)""")]
    private static partial Regex MachineFolder();
}
