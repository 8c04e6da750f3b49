using System.Globalization;

namespace Orleans.StatefulSets.Storage;

/// <summary>
/// A hold on a data directory: one server at a time. It is a lock of the operating system on <c>server.lock</c>, so it goes with
/// the process however that ends; within one process the hold is shared, and epochs keep its stores apart.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Hold> Holds = new(StringComparer.Ordinal);

    private readonly Hold hold;
    private bool released;

    private DataDirectory(Hold hold) => this.hold = hold;

    /// <summary>The directory's full path.</summary>
    public string Path => hold.Path;

    /// <summary>Creates the directory if it is missing (for its owner alone) and takes it for this process.</summary>
    /// <exception cref="JournalStorageException">Another server has it, or it can't be written.</exception>
    public static DataDirectory Open(string path)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        lock (Gate)
        {
            if (!Holds.TryGetValue(full, out var hold))
            {
                hold = new Hold(full, Take(full));
                Holds.Add(full, hold);
            }

            hold.Shares++;
            return new DataDirectory(hold);
        }
    }

    /// <summary>Lets go; the last share in this process frees the directory for others.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (released)
            {
                return;
            }

            released = true;
            if (--hold.Shares == 0)
            {
                Holds.Remove(hold.Path);
                hold.LockFile.Dispose();
            }
        }
    }

    private static FileStream Take(string path)
    {
        FileStream? lockFile = null;
        try
        {
            Create(path);
            lockFile = new FileStream(LockFileOf(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(ProcessFileOf(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return lockFile;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            lockFile?.Dispose();
            throw FileProblem.IsHeldByAnother(failure) && lockFile is null
                ? new JournalStorageException(
                    JournalStorageProblem.DataDirectoryInUse,
                    $"the data directory {path} is in use by another server{DescribeHolder(path)}",
                    failure)
                : FileProblem.Describe(failure, path);
        }
    }

    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // The number stands in a file of its own: a locked file can't be read by whom it keeps out.
    private static string DescribeHolder(string path)
    {
        try
        {
            return $" (process {File.ReadAllText(ProcessFileOf(path)).Trim()})";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string LockFileOf(string path) => System.IO.Path.Combine(path, "server.lock");

    private static string ProcessFileOf(string path) => System.IO.Path.Combine(path, "server.pid");

    private sealed class Hold(string path, FileStream lockFile)
    {
        public string Path { get; } = path;

        public FileStream LockFile { get; } = lockFile;

        public int Shares { get; set; }
    }
}
