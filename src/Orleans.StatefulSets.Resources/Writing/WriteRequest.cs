using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>What a client asks of one object.</summary>
public enum WriteVerb
{
    Create,
    Update,
    Patch,
    Delete,
}

/// <summary>The patch formats of the API (<c>application/…-patch+json</c>).</summary>
public enum PatchKind
{
    None,

    /// <summary>RFC 6902.</summary>
    Json,

    /// <summary>RFC 7386.</summary>
    Merge,

    /// <summary>Kubernetes' own, with merge keys.</summary>
    StrategicMerge,
}

/// <summary>What becomes of unknown and duplicate fields (the <c>fieldValidation</c> parameter); Warn is the server's default.</summary>
public enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

/// <summary>A write by a client, already authenticated and turned into JSON, on its way to the object's one writer.</summary>
public sealed record WriteRequest
{
    public required ObjectKey Key { get; init; }

    public required WriteVerb Verb { get; init; }

    /// <summary>"", or <c>status</c>, <c>scale</c>, <c>binding</c>, <c>eviction</c>, <c>finalize</c>.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>UTF-8 JSON: the object, the patch, or the DeleteOptions; empty where the client sent none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    public PatchKind Patch { get; init; }

    public FieldValidation FieldValidation { get; init; } = FieldValidation.Warn;

    /// <summary>Decide and answer, but commit nothing (<c>dryRun=All</c>).</summary>
    public bool DryRun { get; init; }

    /// <summary>Who is named in managedFields: the <c>fieldManager</c> parameter, else the first word of the user agent.</summary>
    public string FieldManager { get; init; } = "unknown";

    /// <summary>What a delete says; null for other verbs.</summary>
    public V1DeleteOptions? DeleteOptions { get; init; }

    /// <summary>Names this write, so that one whose answer was lost can be sent again and is carried out once; empty where it is sent once only.</summary>
    public Guid Id { get; init; }
}
