namespace Orleans.StatefulSets.Storage;

/// <summary>The tables of <c>files.db</c> and their history.</summary>
internal static class FilesSchema
{
    /// <summary>Marks the file as this program's files ("OSSf"), in SQLite's header field for that.</summary>
    public const int ApplicationId = 0x4F535366;

    /// <summary>Bytes a page.</summary>
    public const int PageSize = 8192;

    /// <summary>
    /// The steps from an empty file to this program's tables, in order: the first makes version 1, each that follows leads from the version
    /// before it to the next. A step that was released is never changed. <c>infra/postgres</c> tells the same story of its files.
    /// </summary>
    // A tree's number is never given again, so that whoever held a tree that was deleted can't write to one that was made under its
    // name since. The bytes of a block come last: who reads the other columns doesn't walk the pages that it overflows to. What is left
    // of a deleted tree stands in doomed until the last of its rows has gone.
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE trees (
            tree INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, epoch INTEGER NOT NULL, written_by INTEGER NOT NULL,
            sequence INTEGER NOT NULL, next INTEGER NOT NULL, capacity INTEGER NOT NULL, bytes INTEGER NOT NULL, attach_epoch INTEGER NOT NULL);
        CREATE TABLE attachments (
            tree INTEGER NOT NULL, holder TEXT NOT NULL, epoch INTEGER NOT NULL, exclusive INTEGER NOT NULL, origin TEXT NOT NULL,
            PRIMARY KEY (tree, holder)) WITHOUT ROWID;
        CREATE TABLE inodes (
            tree INTEGER NOT NULL, inode INTEGER NOT NULL, kind INTEGER NOT NULL, mode INTEGER NOT NULL, uid INTEGER NOT NULL, gid INTEGER NOT NULL,
            size INTEGER NOT NULL, links INTEGER NOT NULL, accessed INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL, target TEXT,
            PRIMARY KEY (tree, inode)) WITHOUT ROWID;
        CREATE TABLE names (
            tree INTEGER NOT NULL, directory INTEGER NOT NULL, name TEXT NOT NULL, inode INTEGER NOT NULL,
            PRIMARY KEY (tree, directory, name)) WITHOUT ROWID;
        CREATE TABLE blocks (
            tree INTEGER NOT NULL, inode INTEGER NOT NULL, block INTEGER NOT NULL, mask INTEGER NOT NULL, bytes BLOB NOT NULL,
            PRIMARY KEY (tree, inode, block));
        CREATE TABLE doomed (tree INTEGER PRIMARY KEY);
        """,
    ];
}
