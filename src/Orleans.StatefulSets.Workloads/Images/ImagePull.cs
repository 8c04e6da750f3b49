namespace Orleans.StatefulSets.Workloads.Images;

/// <summary>Why a container waits for its image, as its status says (<c>state.waiting</c>).</summary>
/// <param name="Reason">One word.</param>
/// <param name="Message">The rest.</param>
public sealed record PullFailure(string Reason, string Message);

/// <summary>
/// What a kubelet of 1.33 over containerd 1.7 says of images that cannot be had (<c>pkg/kubelet/images/image_manager.go</c>).
/// </summary>
public static class ImagePull
{
    /// <summary>The pull failed.</summary>
    public const string Failed = "ErrImagePull";

    /// <summary>It failed before, and the next try has to wait.</summary>
    public const string BackingOff = "ImagePullBackOff";

    /// <summary>The name is none.</summary>
    public const string Invalid = "InvalidImageName";

    /// <summary>It may not be pulled, and is not there.</summary>
    public const string NeverPulled = "ErrImageNeverPull";

    /// <summary>The name is none; null where it is one.</summary>
    public static PullFailure? InvalidName(string? image) => ImageReference.TryParse(image, out _, out var error)
        ? null
        : new PullFailure(Invalid, $"Failed to apply default image tag \"{image}\": couldn't parse image reference \"{image}\": {error}");

    /// <summary>The registry does not have it.</summary>
    public static PullFailure NotFound(ImageReference image) => new(
        Failed, $"rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found");

    /// <summary>The registry does not answer.</summary>
    public static PullFailure Unreachable(ImageReference image) => new(
        Failed, $"rpc error: code = Unknown desc = failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": failed to do request: Head \"{ManifestOf(image)}\": dial tcp: i/o timeout");

    // docker.io is a name only; its images are kept at another.
    private static string ManifestOf(ImageReference image) =>
        $"https://{(image.Registry == "docker.io" ? "registry-1.docker.io" : image.Registry)}/v2/{image.Repository}/manifests/{image.Digest ?? image.Tag}";

    /// <summary>The next try has to wait after a failure.</summary>
    /// <param name="image">The name as the pod's spec has it.</param>
    /// <param name="before">The failure.</param>
    public static PullFailure BackOff(string image, PullFailure before) => new(BackingOff, $"{BackOffEvent(image)}: {before.Reason}: {before.Message}");

    /// <summary>The event of a try that has to wait (reason <c>BackOff</c>).</summary>
    public static string BackOffEvent(string image) => $"Back-off pulling image \"{image}\"";

    /// <summary>The event of a failed try (reason <c>Failed</c>).</summary>
    public static string FailedEvent(string image, PullFailure failure) => $"Failed to pull image \"{image}\": {failure.Message}";

    /// <summary><c>imagePullPolicy: Never</c>, and the node has no such image.</summary>
    public static PullFailure NeverPull(string image) => new(NeverPulled, $"Container image \"{image}\" is not present with pull policy of Never");
}
