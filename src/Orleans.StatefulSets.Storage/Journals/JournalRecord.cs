namespace Orleans.StatefulSets.Storage;

/// <summary>One revision of one object, as the journal keeps it.</summary>
public sealed record JournalRecord
{
    /// <summary>Its place in the one order of all commits; never used twice.</summary>
    public required long Revision { get; init; }

    /// <summary>The object's key, <c>pods/default/web-0</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The object's uid.</summary>
    public required string Uid { get; init; }

    /// <summary>Whether the object went with this revision.</summary>
    public required bool Deleted { get; init; }

    /// <summary>The commit that led to it, so that a retry of one that did land can be told so.</summary>
    public required Guid CommitId { get; init; }

    /// <summary>The encoded object; for a deletion its last state. Empty where only keys were asked for.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}
