namespace Orleans.StatefulSets.Grains.Files;

/// <summary>What must be before a call to a tree can be carried out in one stretch.</summary>
/// <param name="Node">The file whose bytes it touches; 0 for none.</param>
/// <param name="Offset">From where on.</param>
/// <param name="Count">How many.</param>
/// <param name="ToEnd">From the end on instead.</param>
/// <param name="Writes">It changes something.</param>
/// <param name="Grows">It takes room in the store.</param>
internal readonly record struct TreeNeeds(long Node, long Offset, int Count, bool ToEnd = false, bool Writes = false, bool Grows = false)
{
    public static TreeNeeds Nothing => default;

    public static TreeNeeds Writing => Nothing with { Writes = true };

    public static TreeNeeds Room => Nothing with { Writes = true, Grows = true };

    /// <summary>Bytes of a file are read.</summary>
    public static TreeNeeds Reading(long node, long offset, int count) => new(node, offset, count);

    /// <summary>Bytes are written to a file; null: to its end.</summary>
    public static TreeNeeds Adding(long node, long? offset, int count) => Room with { Node = node, Offset = offset ?? 0, Count = count, ToEnd = offset is null };

    /// <summary>A file is cut off, or lengthened: the block in which it ends is changed.</summary>
    public static TreeNeeds Resizing(long node, long? size) => size is { } end ? Writing with { Node = node, Offset = end, Count = 1 } : Writing;
}
