using Microsoft.Extensions.Options;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>What the trees of a silo hold of files' contents in memory, all together. Where that is too much each of them keeps less.</summary>
internal sealed class FileMemory(IOptions<FileTreeOptions> options)
{
    private long bytes;

    /// <summary>Whether the trees hold more than they should.</summary>
    public bool IsScarce => Interlocked.Read(ref bytes) > options.Value.SiloBytes;

    /// <summary>A tree holds more, or less, than it said before.</summary>
    public void Add(long difference) => Interlocked.Add(ref bytes, difference);
}
