using System.Globalization;

namespace Orleans.StatefulSets.Storage;

/// <summary>What every file store says when all trees together would take more than they may.</summary>
internal static class FilesBound
{
    public static JournalStorageException Reached(long bytes) => new(
        JournalStorageProblem.DiskFull,
        string.Create(CultureInfo.InvariantCulture, $"all files together may take {bytes} bytes, and no more are left"));
}
