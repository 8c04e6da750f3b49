using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Server.Transfer;

/// <summary>One object of a stream, checked.</summary>
internal sealed record ImportedObject
{
    /// <summary>Its document's place in the stream, from 1.</summary>
    public required int Document { get; init; }

    /// <summary>Its key.</summary>
    public required ObjectKey Key { get; init; }

    /// <summary>Its uid in the stream; a new one where it has none there.</summary>
    public required string Uid { get; init; }

    /// <summary>The encoded object without a resourceVersion.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The object as messages name it.</summary>
    public string Name => $"{ResourceKinds.Of(Key).Kind} {(Key.Namespace.Length > 0 ? Key.Namespace + "/" : "")}{Key.Name}";
}
