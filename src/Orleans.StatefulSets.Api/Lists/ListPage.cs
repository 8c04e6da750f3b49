using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Lists;

/// <summary>One page of a list.</summary>
internal sealed record ListPage
{
    public required long ResourceVersion { get; init; }

    public required IReadOnlyList<StoredObject> Items { get; init; }

    /// <summary>The token of the next page, or "".</summary>
    public string Continue { get; init; } = "";

    /// <summary>How many objects follow; null where a selector makes that unknown.</summary>
    public long? RemainingItems { get; init; }
}
