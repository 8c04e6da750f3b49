namespace Orleans.StatefulSets.Resources.Kinds;

/// <summary>One kind of Kubernetes object that the API serves: its names and what it can do.</summary>
public sealed record ResourceKind
{
    /// <summary>The API group; "" for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>The version within the group, <c>v1</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The kind as written in a manifest, <c>StatefulSet</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The plural of the URL, <c>statefulsets</c>.</summary>
    public required string Plural { get; init; }

    /// <summary>The singular that kubectl accepts, <c>statefulset</c>.</summary>
    public required string Singular { get; init; }

    /// <summary>Short names that kubectl accepts, <c>sts</c>.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Categories such as <c>all</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Whether objects of the kind live in a namespace.</summary>
    public required bool Namespaced { get; init; }

    /// <summary>The model type of the official client library.</summary>
    public required Type ModelType { get; init; }

    /// <summary>Subresources served below an object: <c>status</c>, <c>scale</c>, <c>binding</c>.</summary>
    public IReadOnlyList<string> Subresources { get; init; } = [];

    /// <summary>Whether a spec change raises <c>metadata.generation</c>.</summary>
    public bool CountsGenerations { get; init; }

    /// <summary>The plural with its group, as <c>statefulsets.apps</c>; the core group adds nothing.</summary>
    public string Resource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The <c>apiVersion</c> of a manifest, <c>apps/v1</c> or <c>v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Whether the kind has a <c>/status</c> subresource.</summary>
    public bool HasStatus => Subresources.Contains("status");

    /// <summary>The key of an object of this kind.</summary>
    public ObjectKey Key(string @namespace, string name) => new(Resource, Namespaced ? @namespace : "", name);
}
