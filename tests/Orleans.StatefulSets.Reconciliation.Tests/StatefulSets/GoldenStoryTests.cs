using System.Runtime.CompilerServices;
using k8s;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

/// <summary>
/// The folders of <c>Golden</c>: <c>input.yaml</c> tells what happens, <c>plans.txt</c> what the set decides. Run with UPDATE_GOLDEN=1 to
/// write the latter anew, and read the difference.
/// </summary>
public sealed class GoldenStoryTests
{
    public static TheoryData<string> Stories() => [.. Directory.GetDirectories(Folder()).Select(folder => Path.GetFileName(folder)!).Order()];

    [Theory]
    [MemberData(nameof(Stories))]
    public void The_story_goes_as_written(string story)
    {
        var input = KubernetesYaml.Deserialize<StoryInput>(File.ReadAllText(Path.Combine(Folder(), story, "input.yaml")));
        var file = Path.Combine(Folder(), story, "plans.txt");

        var plans = new Story(input).Play();

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, plans);
        }

        Assert.Equal(File.ReadAllText(file), plans);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
