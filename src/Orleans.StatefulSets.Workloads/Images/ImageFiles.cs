using System.Reflection;

namespace Orleans.StatefulSets.Workloads.Images;

/// <summary>Files that come with this project for its images.</summary>
internal static class ImageFiles
{
    /// <summary>A file's text, by its path below <c>Images/Contents</c>.</summary>
    public static string Read(string path)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(path) ?? throw new ArgumentException($"{path} is no file of this assembly", nameof(path));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
