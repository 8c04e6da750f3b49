namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>A connection whose writing can end before its reading (<c>shutdown(SHUT_WR)</c>).</summary>
public interface IHalfClosable
{
    /// <summary>Nothing more is written; the other side reads to the end.</summary>
    void EndWriting();
}
