namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>What is to become of the object.</summary>
public enum WriteOutcome
{
    /// <summary>Nothing changes: the answer is the current revision, and its resourceVersion stays.</summary>
    Unchanged,

    /// <summary>A new object.</summary>
    Created,

    /// <summary>A new revision of an object that stays (a delete that only marks it among them).</summary>
    Updated,

    /// <summary>The object goes now.</summary>
    Removed,
}

/// <summary>The answer to a <see cref="WriteRequest"/>, still to be committed. A refusal is an <see cref="Errors.ApiException"/> instead.</summary>
public sealed record WriteDecision
{
    public required WriteOutcome Outcome { get; init; }

    /// <summary>The model of the new revision, without a resourceVersion (for Removed: the last one, as the client and the watchers see it).</summary>
    public required object Model { get; init; }

    /// <summary>Texts for <c>Warning:</c> headers.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
