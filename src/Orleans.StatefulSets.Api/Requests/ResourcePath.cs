using Orleans.StatefulSets.Api.Versions;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Requests;

/// <summary>What a URL below <c>/api/v1</c> or <c>/apis/{group}/{version}</c> names.</summary>
internal sealed record ResourcePath
{
    public required ResourceKind Kind { get; init; }

    /// <summary>The other version that the URL names; null for the one in which objects are stored.</summary>
    public OtherVersion? Version { get; init; }

    /// <summary>The kind as the URL names it.</summary>
    public ResourceKind Served => Version?.Served ?? Kind;

    /// <summary>The namespace, or "" where the URL names none (all namespaces, or a cluster-scoped kind).</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The object's name, or "" for a collection.</summary>
    public string Name { get; init; } = "";

    public string Subresource { get; init; } = "";

    /// <summary>The deprecated <c>/api/v1/watch/…</c>.</summary>
    public bool IsWatchPath { get; init; }

    public bool IsCollection => Name.Length == 0;

    /// <summary>A collection over all namespaces can be read, not written.</summary>
    public bool IsAcrossNamespaces => IsCollection && Kind.Namespaced && Namespace.Length == 0;

    public string? NamespaceOrAll => Namespace.Length == 0 ? null : Namespace;

    public ObjectKey Key => Kind.Key(Namespace, Name);

    /// <summary>Reads the segments after <c>api</c> or <c>apis</c>.</summary>
    /// <exception cref="ApiException">404: no such resource.</exception>
    public static ResourcePath Parse(ReadOnlySpan<string> segments)
    {
        var (group, version) = segments[0] == "api" ? ("", segments[1]) : (segments[1], segments[2]);
        var rest = segments[(segments[0] == "api" ? 2 : 3)..];
        var isWatch = rest.Length > 0 && rest[0] == "watch";
        var path = ParseResource(group, version, isWatch ? rest[1..] : rest);
        return isWatch ? path with { IsWatchPath = true } : path;
    }

    private static ResourcePath ParseResource(string group, string version, ReadOnlySpan<string> rest)
    {
        var @namespace = "";
        if (rest.Length >= 3 && rest[0] == "namespaces" && !IsSubresource(ResourceKinds.Namespaces, rest[2]))
        {
            @namespace = rest[1];
            rest = rest[2..];
        }

        if (version == "v1" && group.Length == 0 && @namespace.Length > 0 && rest is ["bindings"])
        {
            // The older way to bind: the pod is named in the body alone.
            return new ResourcePath { Kind = ResourceKinds.Pods, Namespace = @namespace, Subresource = "binding" };
        }

        var other = rest.Length == 0 ? null : OtherVersion.Find(group, version, rest[0]);
        if (rest.Length is 0 or > 3 || (other?.Stored ?? ResourceKinds.Find(group, version, rest[0])) is not { } kind || (@namespace.Length > 0 && !kind.Namespaced))
        {
            throw ApiErrors.PathNotFound();
        }

        var path = new ResourcePath
        {
            Kind = kind,
            Version = other,
            Namespace = @namespace,
            Name = rest.Length > 1 ? rest[1] : "",
            Subresource = rest.Length > 2 ? rest[2] : "",
        };
        var isHalfNamed = kind.Namespaced && @namespace.Length == 0 && !path.IsCollection;
        return isHalfNamed || (path.Subresource.Length > 0 && !IsSubresource(kind, path.Subresource)) ? throw ApiErrors.PathNotFound() : path;
    }

    private static bool IsSubresource(ResourceKind kind, string name) => kind.Subresources.Contains(name);
}
