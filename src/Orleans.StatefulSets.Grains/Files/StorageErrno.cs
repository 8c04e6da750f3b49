using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>What a process inside of a pod is told when the storage fails.</summary>
internal static class StorageErrno
{
    public static Errno Of(JournalStorageException failure) => failure.Problem switch
    {
        JournalStorageProblem.DiskFull => Errno.ENOSPC,
        JournalStorageProblem.ReadOnly => Errno.EROFS,
        _ => Errno.EIO,
    };
}
