using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>
/// What a container leaves to be read in its status (<c>getTerminationMessage</c> in <c>pkg/kubelet/kuberuntime</c>): the end of a file that
/// the kubelet mounts for it, or of its log.
/// </summary>
internal static class LastWords
{
    /// <summary>Bytes of the file that count (MaxContainerTerminationMessageLength).</summary>
    private const int MessageBytes = 4096;

    /// <summary>Bytes and lines of the log that stand for it (MaxContainerTerminationMessageLogLength, MaxContainerTerminationMessageLogLines).</summary>
    private const int LogBytes = 2048;
    private const int LogLines = 80;

    private const int FileBytes = 1 << 20;
    private const int AnybodysFile = 0x1B6; // 0666

    private static readonly ImageTree Empty = new ImageBuilder().File("/log", "", AnybodysFile).Build();

    /// <summary>Mounts the file.</summary>
    public static void Mount(FileSystem files, string path, TimeProvider clock)
    {
        if (path.StartsWith('/'))
        {
            files.Mount(path, new MemoryTree(FileBytes, clock, Empty), subPath: "log");
        }
    }

    /// <summary>Reads them.</summary>
    /// <param name="files">The container's files.</param>
    /// <param name="setup">How it was made.</param>
    /// <param name="log">Its log.</param>
    /// <param name="status">What it ended with.</param>
    public static async ValueTask<string?> ReadAsync(FileSystem files, ContainerSetup setup, ContainerLog log, int status)
    {
        try
        {
            var words = await files.ReadAllAsync(new Caller("/", Credentials.Root, 0), setup.TerminationMessagePath, FileBytes);
            if (words.Length > 0)
            {
                return Text(words[Math.Max(0, words.Length - MessageBytes)..]);
            }
        }
        catch (FileException)
        {
            // It said nothing.
        }

        return status != 0 && setup.FallsBackToLogs && log.Tail(LogBytes, LogLines) is { Length: > 0 } tail ? Text(tail) : null;
    }

    private static string Text(byte[] bytes) => ByteText.ToText(ByteText.FromBytes(bytes));
}
