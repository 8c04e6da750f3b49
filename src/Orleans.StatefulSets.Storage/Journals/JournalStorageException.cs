namespace Orleans.StatefulSets.Storage;

/// <summary>What is wrong with the storage.</summary>
public enum JournalStorageProblem
{
    /// <summary>Another server holds the data directory.</summary>
    DataDirectoryInUse,

    /// <summary>The data directory or a file in it can't be written.</summary>
    ReadOnly,

    /// <summary>No space is left; reads go on, and writes will work again once there is space.</summary>
    DiskFull,

    /// <summary>The file isn't a journal, or is damaged. It was left as it is.</summary>
    Corrupt,

    /// <summary>The file was written by a newer version of this program. It was left as it is.</summary>
    NewerSchema,

    /// <summary>Anything else: an I/O error, a store already closed, too many requests waiting.</summary>
    Unavailable,
}

/// <summary>The storage failed. The message is one line that a person can act upon.</summary>
/// <param name="problem">What is wrong.</param>
/// <param name="message">One line for the user.</param>
/// <param name="cause">What the storage engine said, where it said something.</param>
public sealed class JournalStorageException(JournalStorageProblem problem, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What is wrong.</summary>
    public JournalStorageProblem Problem { get; } = problem;
}
