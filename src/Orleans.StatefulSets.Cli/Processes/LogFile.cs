namespace Orleans.StatefulSets.Cli.Processes;

/// <summary>The file that a process prints to, whoever started it being there or not.</summary>
/// <param name="path">Where it is.</param>
internal sealed class LogFile(string path)
{
    /// <summary>What is kept of one process's output, twice: the file, and the one before it.</summary>
    public const long MostBytes = 16 * 1024 * 1024;

    private const int TailBytes = 16 * 1024;

    public string Path => path;

    /// <summary>Where the next line will stand.</summary>
    public long Length => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>The last line that was printed since; null where none was.</summary>
    /// <param name="since">A length of the file.</param>
    public string? LastLine(long since)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Max(Math.Min(since, file.Length), file.Length - TailBytes);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
    }

    /// <summary>
    /// Puts a file that has grown beside. The process goes on writing to the same one, at its new end: it opened the file to append. What it
    /// prints between the two steps is lost.
    /// </summary>
    public void KeepBounded()
    {
        if (Length <= MostBytes)
        {
            return;
        }

        File.Copy(path, $"{path}.1", overwrite: true);
        using var file = new FileStream(path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }
}
