using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>A <see cref="FileNode"/> between silos.</summary>
[GenerateSerializer, Immutable]
public readonly record struct FileNodeSurrogate(
    [property: Id(0)] long Number,
    [property: Id(1)] int Kind,
    [property: Id(2)] int Mode,
    [property: Id(3)] int Uid,
    [property: Id(4)] int Gid,
    [property: Id(5)] long Size,
    [property: Id(6)] int Links,
    [property: Id(7)] DateTime Accessed,
    [property: Id(8)] DateTime Modified,
    [property: Id(9)] DateTime Changed,
    [property: Id(10)] string? Target);

/// <summary>Turns a <see cref="FileNode"/> into its surrogate and back.</summary>
[RegisterConverter]
public sealed class FileNodeConverter : IConverter<FileNode, FileNodeSurrogate>
{
    /// <inheritdoc/>
    public FileNode ConvertFromSurrogate(in FileNodeSurrogate surrogate) => new(
        surrogate.Number,
        (FileKind)surrogate.Kind,
        surrogate.Mode,
        surrogate.Uid,
        surrogate.Gid,
        surrogate.Size,
        surrogate.Links,
        surrogate.Accessed,
        surrogate.Modified,
        surrogate.Changed,
        surrogate.Target);

    /// <inheritdoc/>
    public FileNodeSurrogate ConvertToSurrogate(in FileNode value) => new(
        value.Number, (int)value.Kind, value.Mode, value.Uid, value.Gid, value.Size, value.Links, value.Accessed, value.Modified, value.Changed, value.Target);
}

/// <summary>A <see cref="DirectoryEntry"/> between silos.</summary>
[GenerateSerializer, Immutable]
public readonly record struct DirectoryEntrySurrogate([property: Id(0)] string Name, [property: Id(1)] FileNode Node);

/// <summary>Turns a <see cref="DirectoryEntry"/> into its surrogate and back.</summary>
[RegisterConverter]
public sealed class DirectoryEntryConverter : IConverter<DirectoryEntry, DirectoryEntrySurrogate>
{
    /// <inheritdoc/>
    public DirectoryEntry ConvertFromSurrogate(in DirectoryEntrySurrogate surrogate) => new(surrogate.Name, surrogate.Node);

    /// <inheritdoc/>
    public DirectoryEntrySurrogate ConvertToSurrogate(in DirectoryEntry value) => new(value.Name, value.Node);
}

/// <summary>A <see cref="NewNode"/> between silos.</summary>
[GenerateSerializer, Immutable]
public readonly record struct NewNodeSurrogate(
    [property: Id(0)] int Kind, [property: Id(1)] int Mode, [property: Id(2)] int Uid, [property: Id(3)] int Gid, [property: Id(4)] string? Target);

/// <summary>Turns a <see cref="NewNode"/> into its surrogate and back.</summary>
[RegisterConverter]
public sealed class NewNodeConverter : IConverter<NewNode, NewNodeSurrogate>
{
    /// <inheritdoc/>
    public NewNode ConvertFromSurrogate(in NewNodeSurrogate surrogate) =>
        new((FileKind)surrogate.Kind, surrogate.Mode, surrogate.Uid, surrogate.Gid, surrogate.Target);

    /// <inheritdoc/>
    public NewNodeSurrogate ConvertToSurrogate(in NewNode value) => new((int)value.Kind, value.Mode, value.Uid, value.Gid, value.Target);
}

/// <summary>An <see cref="AttributeChange"/> between silos.</summary>
[GenerateSerializer, Immutable]
public readonly record struct AttributeChangeSurrogate(
    [property: Id(0)] int? Mode,
    [property: Id(1)] int? Uid,
    [property: Id(2)] int? Gid,
    [property: Id(3)] long? Size,
    [property: Id(4)] DateTime? Accessed,
    [property: Id(5)] DateTime? Modified);

/// <summary>Turns an <see cref="AttributeChange"/> into its surrogate and back.</summary>
[RegisterConverter]
public sealed class AttributeChangeConverter : IConverter<AttributeChange, AttributeChangeSurrogate>
{
    /// <inheritdoc/>
    public AttributeChange ConvertFromSurrogate(in AttributeChangeSurrogate surrogate) => new()
    {
        Mode = surrogate.Mode,
        Uid = surrogate.Uid,
        Gid = surrogate.Gid,
        Size = surrogate.Size,
        Accessed = surrogate.Accessed,
        Modified = surrogate.Modified,
    };

    /// <inheritdoc/>
    public AttributeChangeSurrogate ConvertToSurrogate(in AttributeChange value) =>
        new(value.Mode, value.Uid, value.Gid, value.Size, value.Accessed, value.Modified);
}

/// <summary>A <see cref="TreeUsage"/> between silos.</summary>
[GenerateSerializer, Immutable]
public readonly record struct TreeUsageSurrogate(
    [property: Id(0)] long Capacity, [property: Id(1)] long Used, [property: Id(2)] long Nodes, [property: Id(3)] long UsedNodes);

/// <summary>Turns a <see cref="TreeUsage"/> into its surrogate and back.</summary>
[RegisterConverter]
public sealed class TreeUsageConverter : IConverter<TreeUsage, TreeUsageSurrogate>
{
    /// <inheritdoc/>
    public TreeUsage ConvertFromSurrogate(in TreeUsageSurrogate surrogate) => new(surrogate.Capacity, surrogate.Used, surrogate.Nodes, surrogate.UsedNodes);

    /// <inheritdoc/>
    public TreeUsageSurrogate ConvertToSurrogate(in TreeUsage value) => new(value.Capacity, value.Used, value.Nodes, value.UsedNodes);
}
