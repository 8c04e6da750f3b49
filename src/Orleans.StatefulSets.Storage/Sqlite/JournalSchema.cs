namespace Orleans.StatefulSets.Storage;

/// <summary>The tables of a journal's file and their history.</summary>
internal static class JournalSchema
{
    /// <summary>Marks the file as a journal of this program ("OSSj"), in SQLite's header field for that.</summary>
    public const int ApplicationId = 0x4F53536A;

    /// <summary>
    /// Bytes a page. An object of 2.5 KB leaves a third of a 4 KiB page empty; with 8 KiB the file is a third smaller and
    /// batches are written half as fast again, while a lone object costs no more.
    /// </summary>
    public const int PageSize = 8192;

    // There is no index on the key: it would cost every write a quarter, and the two who want it (who reads the live objects,
    // who trims) read the whole log or remember.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE head (
            only INTEGER PRIMARY KEY CHECK (only = 1), epoch INTEGER NOT NULL, revision INTEGER NOT NULL, compacted INTEGER NOT NULL);
        INSERT INTO head VALUES (1, 0, 0, 0);
        CREATE TABLE revisions (
            revision INTEGER PRIMARY KEY, key TEXT NOT NULL, uid TEXT NOT NULL, kind INTEGER NOT NULL,
            commit_id BLOB NOT NULL, payload BLOB NOT NULL);
        """,
    ];

    /// <summary>The version that this program writes, in SQLite's <c>user_version</c>.</summary>
    public static int Version => Steps.Length;

    /// <summary>What leads from an older version to this one.</summary>
    public static IEnumerable<string> StepsFrom(int version) => Steps.Skip(version);

    /// <summary>How a row's kind is written.</summary>
    public const int Put = 1;

    /// <summary>How a deletion's kind is written.</summary>
    public const int Delete = 2;
}
