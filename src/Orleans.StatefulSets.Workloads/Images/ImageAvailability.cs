using Orleans.StatefulSets.Workloads.Programs.Tools;

namespace Orleans.StatefulSets.Workloads.Images;

/// <summary>Which images can be had.</summary>
/// <param name="unavailable">
/// Patterns of images that cannot, as a shell has them (<c>*</c> matches slashes, too). A pattern may mean the name as pods have it, with
/// or without its tag, or the whole name: <c>nosuch</c>, <c>nosuch:*</c>, <c>quay.io/*</c>, <c>docker.io/library/nosuch:latest</c>.
/// </param>
public sealed class ImageAvailability(IReadOnlyList<string> unavailable)
{
    /// <summary>Every image can be had.</summary>
    public static ImageAvailability All { get; } = new([]);

    /// <summary>Whether an image can be had.</summary>
    /// <param name="written">The name as the pod's spec has it.</param>
    /// <param name="image">The same, read.</param>
    public bool Has(string written, ImageReference image)
    {
        if (unavailable.Count == 0)
        {
            return true;
        }

        var colon = written.LastIndexOf(':');
        var untagged = colon > written.LastIndexOf('/') ? written[..colon] : written;
        string[] forms = [written, untagged.Split('@')[0], image.ToString(), image.FullRepository];
        return !unavailable.Any(pattern => forms.Any(form => Glob.Matches(pattern, form)));
    }
}
