using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>Whoever is told about objects that concern it. Newest wins: doubles and late-comers do no harm, and nothing depends on being told.</summary>
public interface IObjectObserver : IGrainWithStringKey
{
    /// <summary>An object has a new revision, or (deleted) went with this one.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("observe")]
    Task Observe([Immutable] StoredObject item, bool deleted);

    /// <summary>Look again at what is stored, and go on with what is unfinished.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("nudge")]
    Task Nudge();
}

/// <summary>The one writer of an object (DESIGN law 1). Its key is the <see cref="Resources.Kinds.ObjectKey"/> as text.</summary>
public interface IObjectGrain : IObjectObserver
{
    /// <summary>A client's write, a patch or a deletion among them.</summary>
    [Alias("write")]
    Task<ObjectReply> Write([Immutable] WriteRequest request);

    /// <summary>Creates the object for a controller; admitted like any other, but not decoded.</summary>
    [Alias("create")]
    Task<ObjectReply> Create([Immutable] Model model);

    /// <summary>
    /// Replaces the object by what a controller made of the revision named in the model's resourceVersion: a conflict if it has
    /// changed since.
    /// </summary>
    [Alias("replace")]
    Task<ObjectReply> Replace([Immutable] Model next, string subresource);

    /// <summary>The object as its writer knows it, or null.</summary>
    [AlwaysInterleave]
    [Alias("read-object")]
    Task<ObjectReply?> ReadObject();
}
