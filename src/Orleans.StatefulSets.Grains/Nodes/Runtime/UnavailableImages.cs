using System.Collections.Concurrent;
using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Workloads.Images;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <summary>Which images of a pod can't be had: by their name, or by the patterns of the configuration.</summary>
internal sealed class UnavailableImages(RuntimeSettings settings)
{
    private static readonly IReadOnlyDictionary<string, ImageProblem> None = new Dictionary<string, ImageProblem>();

    // Asked at every step of a pod that starts; a cluster has few images, and many pods of each.
    private const int MostKept = 4096;
    private readonly ConcurrentDictionary<string, bool> available = new(StringComparer.Ordinal);
    private readonly ImageAvailability availability = new(settings.UnavailableImages);

    /// <summary>By container.</summary>
    public IReadOnlyDictionary<string, ImageProblem> ProblemsOf(V1Pod pod)
    {
        Dictionary<string, ImageProblem>? problems = null;
        foreach (var container in (pod.Spec.InitContainers ?? []).Concat(pod.Spec.Containers))
        {
            if (Find(container) is { } problem)
            {
                (problems ??= [])[container.Name] = problem;
            }
        }

        return problems ?? None;
    }

    /// <summary>What is said of a container's image while its registry does not answer; null where the name is none.</summary>
    public static ImageProblem? Unreachable(V1Container container) =>
        ImageReference.TryParse(container.Image ?? "", out var image, out _) ? Tried(container.Image!, ImagePull.Unreachable(image)) : null;

    private ImageProblem? Find(V1Container container)
    {
        var written = container.Image ?? "";
        if (available.ContainsKey(written))
        {
            return null;
        }

        if (!ImageReference.TryParse(written, out var image, out _))
        {
            var invalid = ImagePull.InvalidName(written)!;
            return new ImageProblem(invalid.Reason, invalid.Message);
        }

        if (availability.Has(written, image))
        {
            if (available.Count < MostKept)
            {
                available[written] = true;
            }

            return null;
        }

        if (container.ImagePullPolicy == "Never")
        {
            var never = ImagePull.NeverPull(written);
            return new ImageProblem(never.Reason, never.Message);
        }

        return Tried(written, ImagePull.NotFound(image));
    }

    private static ImageProblem Tried(string written, PullFailure failure) => new(failure.Reason, failure.Message)
    {
        BackOffMessage = ImagePull.BackOff(written, failure).Message,
        FailedEvent = ImagePull.FailedEvent(written, failure),
    };
}
