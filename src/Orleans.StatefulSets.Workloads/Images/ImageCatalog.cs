using System.Collections.Concurrent;
using k8s.Models;
using Orleans.StatefulSets.Workloads.Images.Behaviors;

namespace Orleans.StatefulSets.Workloads.Images;

/// <summary>
/// Knows how every image behaves: behaviors of one's own first, then those that come with this project, at last a server that stands in
/// for anything else. Containers of one image share what they are made from.
/// </summary>
public sealed class ImageCatalog
{
    /// <summary>Answers kept at most; beyond, all are asked for again. An image is some kilobytes.</summary>
    private const int MostKept = 4096;

    private readonly IReadOnlyList<IImageBehavior> behaviors;
    private readonly ConcurrentDictionary<(string Image, string Ports), ContainerImage> kept = new();

    /// <param name="own">Behaviors of one's own, in the order they are asked.</param>
    public ImageCatalog(IEnumerable<IImageBehavior> own) => behaviors = [.. own, .. BuiltIn];

    /// <summary>What comes with this project, in the order it is asked; the last one knows every name.</summary>
    public static IReadOnlyList<IImageBehavior> BuiltIn { get; } =
    [
        new NginxImage(), new HttpdImage(), new BusyboxImage(), new AlpineImage(), new DistributionImage(), new CurlImage(), new NameLookupImage(),
        new AgnhostImage(), new PauseImage(), new SmallServerImage(), new StandInImage(),
    ];

    /// <summary>Without any behavior of one's own.</summary>
    public static ImageCatalog Default { get; } = new([]);

    /// <summary>The image that a container is made from.</summary>
    /// <exception cref="ArgumentException">The image's name is none (<see cref="ImagePull.InvalidName"/> says so to the user before).</exception>
    public ContainerImage Find(V1Container container)
    {
        var ports = PortsOf(container);
        var key = (container.Image ?? "", string.Join(',', ports));
        if (kept.TryGetValue(key, out var known))
        {
            return known;
        }

        if (!ImageReference.TryParse(container.Image, out var reference, out var error))
        {
            throw new ArgumentException($"{container.Image}: {error}", nameof(container));
        }

        var image = behaviors.Select(behavior => behavior.Find(reference, ports)).First(found => found is not null)!;
        if (kept.Count >= MostKept)
        {
            kept.Clear();
        }

        return kept.GetOrAdd(key, image);
    }

    private static List<int> PortsOf(V1Container container) =>
        [.. (container.Ports ?? []).Where(port => port.Protocol is null or "TCP").Select(port => port.ContainerPort).Distinct().Order()];
}
