using System.Security.Cryptography;
using System.Text;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>The ids that a container runtime would make up, here by hash, so that every replay names the same container alike.</summary>
internal static class ContainerIdentity
{
    internal static string ContainerId(string? podUid, string container, int restartCount) =>
        $"containerd://{Hash($"{podUid}/{container}/{restartCount}")}";

    /// <summary>The repository with a digest, as a runtime resolves a tag: <c>docker.io/library/nginx@sha256:…</c>.</summary>
    internal static string ImageId(string image)
    {
        if (image.Contains('@'))
        {
            var at = image.IndexOf('@');
            return FullRepository(Repository(image[..at])) + image[at..];
        }

        return $"{FullRepository(Repository(image))}@sha256:{Hash(FullName(image))}";
    }

    /// <summary>The image as containerd names it, registry and tag written out: <c>docker.io/library/nginx:latest</c>.</summary>
    internal static string FullName(string image)
    {
        if (image.Contains('@'))
        {
            return ImageId(image);
        }

        var repository = Repository(image);
        return FullRepository(repository) + (repository.Length == image.Length ? ":latest" : image[repository.Length..]);
    }

    /// <summary>A size in bytes for an image that nobody measured: 20 to 120 MB, by its name.</summary>
    internal static long ImageSize(string image) => 20_000_000 + (Convert.ToInt64(Hash(FullName(image))[..8], 16) % 100_000_000);

    // A colon after the last slash starts the tag; one before it belongs to the registry's port.
    private static string Repository(string image)
    {
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/') ? image[..colon] : image;
    }

    private static string FullRepository(string repository)
    {
        var slash = repository.IndexOf('/');
        if (slash < 0)
        {
            return $"docker.io/library/{repository}";
        }

        var first = repository[..slash];
        var namesRegistry = first.Contains('.') || first.Contains(':') || first == "localhost";
        return namesRegistry ? repository : $"docker.io/{repository}";
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
