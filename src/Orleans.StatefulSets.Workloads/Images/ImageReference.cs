using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Workloads.Images;

/// <summary>
/// An image's name, by the grammar of <c>github.com/distribution/reference</c> and with the defaults that the container runtime fills
/// in: <c>nginx</c> is <c>docker.io/library/nginx:latest</c>.
/// </summary>
public sealed partial record ImageReference
{
    private const string DefaultRegistry = "docker.io";
    private const string DefaultFolder = "library/";
    private const int LongestRepository = 255;
    private const int IdentifierDigits = 64;

    private ImageReference(string registry, string repository, string? tag, string? digest) => (Registry, Repository, Tag, Digest) = (registry, repository, tag, digest);

    /// <summary>The registry, with its port: <c>docker.io</c> where none is named.</summary>
    public string Registry { get; }

    /// <summary>The path in the registry: <c>library/nginx</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag: <c>latest</c> where neither tag nor digest is named, null where only a digest is.</summary>
    public string? Tag { get; }

    /// <summary>The digest with its algorithm; null where none is named.</summary>
    public string? Digest { get; }

    /// <summary>The last segment of the repository: what behaviors know an image by.</summary>
    public string Name => Repository[(Repository.LastIndexOf('/') + 1)..];

    /// <summary>Registry and repository.</summary>
    public string FullRepository => $"{Registry}/{Repository}";

    /// <summary>Reads a name.</summary>
    /// <param name="text">As the pod's spec has it.</param>
    /// <param name="reference">The name.</param>
    /// <param name="error">Why it is none, in upstream's words.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? error)
    {
        reference = null;
        error = "invalid reference format";
        var name = text ?? "";
        if (IsIdentifier(name))
        {
            error = $"invalid repository name ({name}), cannot specify 64-byte hexadecimal strings";
            return false;
        }

        var at = name.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? null : name[(at + 1)..];
        name = at < 0 ? name : name[..at];
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var isRegistry = first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsAsciiLetterUpper);
        var (registry, rest) = isRegistry ? (first, name[(slash + 1)..]) : (DefaultRegistry, name);
        registry = registry == "index.docker.io" ? DefaultRegistry : registry;
        var colon = rest.LastIndexOf(':');
        var tag = colon > rest.LastIndexOf('/') ? rest[(colon + 1)..] : null;
        var repository = tag is null ? rest : rest[..colon];
        repository = registry == DefaultRegistry && !repository.Contains('/') ? DefaultFolder + repository : repository;
        if (repository.Any(char.IsAsciiLetterUpper) && RepositoryPattern().IsMatch(repository.ToLowerInvariant()))
        {
            error = $"invalid reference format: repository name ({repository}) must be lowercase";
            return false;
        }

        if (!RegistryPattern().IsMatch(registry) || !RepositoryPattern().IsMatch(repository) || (tag is not null && !TagPattern().IsMatch(tag)) || (digest is not null && !DigestPattern().IsMatch(digest)))
        {
            return false;
        }

        if (repository.Length > LongestRepository)
        {
            error = $"repository name must not be more than {LongestRepository} characters";
            return false;
        }

        error = null;
        reference = new ImageReference(registry, repository, tag ?? (digest is null ? "latest" : null), digest);
        return true;
    }

    /// <summary>The whole name, defaults filled in.</summary>
    public override string ToString() => $"{FullRepository}{(Tag is null ? "" : $":{Tag}")}{(Digest is null ? "" : $"@{Digest}")}";

    private static bool IsIdentifier(string name) => name.Length == IdentifierDigits && name.All(letter => letter is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    [GeneratedRegex(@"\A(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex RegistryPattern();

    [GeneratedRegex(@"\A[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex TagPattern();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}\z", RegexOptions.NonBacktracking)]
    private static partial Regex DigestPattern();
}
