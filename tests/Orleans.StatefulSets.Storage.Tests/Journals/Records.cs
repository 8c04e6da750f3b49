namespace Orleans.StatefulSets.Storage.Tests.Journals;

/// <summary>Records for tests; the bytes follow from the revision.</summary>
internal static class Records
{
    public static JournalRecord Put(long revision, string key, int bytes = 10) => Of(revision, key, deleted: false, bytes);

    public static JournalRecord Delete(long revision, string key) => Of(revision, key, deleted: true, 10);

    /// <summary><c>key@revision</c>, with a minus before a deletion.</summary>
    public static string Name(JournalRecord record) => $"{(record.Deleted ? "-" : "")}{record.Key}@{record.Revision}";

    private static JournalRecord Of(long revision, string key, bool deleted, int bytes)
    {
        var payload = new byte[bytes];
        new Random((int)revision).NextBytes(payload);
        return new JournalRecord
        {
            Revision = revision,
            Key = key,
            Uid = $"uid-of-{key}",
            Deleted = deleted,
            CommitId = new Guid((int)revision, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
            Payload = payload,
        };
    }
}
