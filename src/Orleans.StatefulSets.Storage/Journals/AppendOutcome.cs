namespace Orleans.StatefulSets.Storage;

/// <summary>What became of a batch.</summary>
public enum AppendOutcome
{
    /// <summary>The whole batch is durable.</summary>
    Appended,

    /// <summary>Nothing was written: the stored head isn't the expected one, so somebody else leads.</summary>
    Fenced,
}
