namespace Orleans.StatefulSets.Acceptance.Tests.Manifests;

/// <summary>The tutorial's files: a StatefulSet <c>web</c> of two nginx with a claim of 1Gi each, and its headless Service.</summary>
internal static class TutorialManifests
{
    public static string Web { get; } = Of("web.yaml");

    public static string WebParallel { get; } = Of("web-parallel.yaml");

    /// <summary>Two volumes of 1Gi without a class, as the tutorial asks for where nothing provisions.</summary>
    public static string HandMadeVolumes { get; } = Of("hand-made-volumes.yaml");

    private static string Of(string file) => Path.Combine(AppContext.BaseDirectory, "Manifests", file);
}
