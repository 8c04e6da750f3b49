using System.Numerics;

namespace Orleans.StatefulSets.Workloads.Files;

/// <content>
/// Pieces of sixteen blocks: what a store keeps as one, and what comes from it and leaves memory as one. A block that lies in the store
/// only still takes room; it must be brought in before its bytes are asked for.
/// </content>
internal sealed partial class FileBlocks
{
    public const int PieceBlocks = FilePiece.Bytes / BlockBytes;

    /// <summary>The pieces that a range of bytes touches.</summary>
    public static IEnumerable<long> PiecesOf(long offset, int count)
    {
        for (var piece = offset / FilePiece.Bytes; count > 0 && piece <= (offset + count - 1) / FilePiece.Bytes; piece++)
        {
            yield return piece;
        }
    }

    /// <summary>How many blocks of a piece a range of bytes touches.</summary>
    public static int BlocksOf(long piece, long offset, int count)
    {
        var first = Math.Max(offset / BlockBytes, piece * PieceBlocks);
        var last = Math.Min((offset + count - 1) / BlockBytes, ((piece + 1) * PieceBlocks) - 1);
        return (int)(last - first + 1);
    }

    /// <summary>The pieces that have blocks at or behind an offset.</summary>
    public HashSet<long> PiecesFrom(long offset) => [.. blocks.Keys.Where(index => index >= offset / BlockBytes).Select(index => index / PieceBlocks)];

    /// <summary>How many blocks of a piece take room.</summary>
    public int Present(long piece) => IndexesOf(piece).Count(blocks.ContainsKey);

    /// <summary>Whether blocks of a piece lie in the store only.</summary>
    public bool IsAway(long piece) => IndexesOf(piece).Any(index => blocks.TryGetValue(index, out var block) && block.Bytes is null);

    /// <summary>A piece as it is stored, its bytes copied; null where none of its blocks takes room.</summary>
    public (int Mask, byte[] Bytes)? Pack(long piece, long size)
    {
        var mask = 0;
        var end = 0;
        foreach (var index in IndexesOf(piece))
        {
            if (blocks.TryGetValue(index, out var block))
            {
                mask |= 1 << (int)(index % PieceBlocks);
                end = ((BitOperations.PopCount((uint)mask) - 1) * BlockBytes) + (int)Math.Clamp(size - (index * BlockBytes), 0, Here(block.Bytes).Length);
            }
        }

        return mask == 0 ? null : (mask, Packed(piece, new byte[end]));
    }

    /// <summary>Takes note of a piece's blocks that lie in the store.</summary>
    public void Expect(long piece, int mask)
    {
        foreach (var index in IndexesOf(piece).Where(index => Has(mask, index)))
        {
            blocks[index] = (null, false);
        }
    }

    /// <summary>Brings a piece in; what is in memory already stays as it is.</summary>
    public void Bring(long piece, int mask, ReadOnlySpan<byte> bytes)
    {
        foreach (var index in IndexesOf(piece).Where(index => Has(mask, index)))
        {
            var length = Math.Min(BlockBytes, bytes.Length);
            if (blocks.TryGetValue(index, out var block) && block.Bytes is null)
            {
                blocks[index] = (bytes[..length].ToArray(), false);
            }

            bytes = bytes[length..];
        }
    }

    /// <summary>Lets a stored piece's bytes go from memory.</summary>
    public void Drop(long piece)
    {
        foreach (var index in IndexesOf(piece).Where(blocks.ContainsKey))
        {
            blocks[index] = (null, false);
        }
    }

    private byte[] Packed(long piece, byte[] bytes)
    {
        var at = 0;
        foreach (var index in IndexesOf(piece))
        {
            if (blocks.TryGetValue(index, out var block))
            {
                var stored = Here(block.Bytes);
                stored.AsSpan(0, Math.Min(stored.Length, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
                at += BlockBytes;
            }
        }

        return bytes;
    }

    private static bool Has(int mask, long index) => (mask & (1 << (int)(index % PieceBlocks))) != 0;

    private static byte[] Here(byte[]? bytes) => bytes ?? throw new InvalidOperationException("the block was not brought in");

    private static IEnumerable<long> IndexesOf(long piece)
    {
        for (var index = piece * PieceBlocks; index < (piece + 1) * PieceBlocks; index++)
        {
            yield return index;
        }
    }
}
