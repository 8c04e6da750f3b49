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

    /// <summary>
    /// The steps from an empty file to this program's tables, in order: the first makes version 1, each that follows leads from the version
    /// before it to the next. A step that was released is never changed. <c>infra/postgres</c> tells the same story of its journals.
    /// </summary>
    // There is no index on the key: it would cost every write a quarter, and the two who want it (who reads the live objects,
    // who trims) read the whole log or remember.
    public static IReadOnlyList<string> Steps { get; } =
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

    /// <summary>How a row's kind is written.</summary>
    public const int Put = 1;

    /// <summary>How a deletion's kind is written.</summary>
    public const int Delete = 2;
}
