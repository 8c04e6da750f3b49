namespace Orleans.StatefulSets.Storage;

/// <summary>What an SQLite file of this program is to be like.</summary>
internal sealed record DatabaseShape
{
    /// <summary>The file's path.</summary>
    public required string File { get; init; }

    /// <summary>What marks it as such, in SQLite's header field for that.</summary>
    public required int ApplicationId { get; init; }

    /// <summary>Bytes a page.</summary>
    public required int PageSize { get; init; }

    /// <summary>The steps that lead to the tables.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>Whether each commit waits for the disk (<c>synchronous=FULL</c>).</summary>
    public required bool SynchronousFull { get; init; }

    /// <summary>How large the file may grow, in bytes; 0 for no limit.</summary>
    public long MaxFileBytes { get; init; }

    /// <summary>Whether pages that are no longer used may be given back to the disk (<c>auto_vacuum=INCREMENTAL</c>).</summary>
    public bool Shrinks { get; init; }
}
