namespace Orleans.StatefulSets.Acceptance.Tests.Kubectl;

/// <summary>The kubectls of this machine: <c>kubectl.1.27</c> and the like stand beside the file that <c>kubectl</c> on PATH links to.</summary>
internal static class KubectlVersion
{
    public const string Newest = "1.33";
    public const string Oldest = "1.27";

    /// <summary>For a theory over both.</summary>
    public static TheoryData<string> Both => [Newest, Oldest];

    /// <summary>The program's path; skips the test, or fails it with CI=true, where there is none.</summary>
    public static string Find(string version)
    {
        var path = Beside()?.GetFiles($"kubectl.{version}").FirstOrDefault()?.FullName;
        Requirement.Of(path is not null, $"kubectl {version}");
        return path!;
    }

    private static DirectoryInfo? Beside()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var onPath = folders.Select(folder => new FileInfo(Path.Combine(folder, "kubectl"))).FirstOrDefault(file => file.Exists);
        var real = onPath?.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? onPath;
        return real?.Directory;
    }
}
