namespace Orleans.StatefulSets.Storage;

/// <summary>Reads the operating system's refusals: the runtime gives errno on Unix and Win32 codes on Windows.</summary>
internal static class FileProblem
{
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether the file is locked by another process.</summary>
    public static bool IsHeldByAnother(Exception failure) =>
        failure is IOException && failure.HResult is WouldBlockLinux or WouldBlockMac or SharingViolation;

    /// <summary>The problem in one line.</summary>
    public static JournalStorageException Describe(Exception failure, string path)
    {
        if (failure is UnauthorizedAccessException || failure.HResult == ReadOnlyFileSystem)
        {
            return new JournalStorageException(JournalStorageProblem.ReadOnly, $"the data directory {path} can't be written: {failure.Message}", failure);
        }

        return failure.HResult is NoSpaceLeft or WindowsDiskFull
            ? new JournalStorageException(JournalStorageProblem.DiskFull, $"no space is left for the data directory {path}", failure)
            : new JournalStorageException(JournalStorageProblem.Unavailable, $"the data directory {path} can't be used: {failure.Message}", failure);
    }
}
