using System.Text;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>One request, as it is sent.</summary>
internal sealed record FuzzRequest
{
    public required string Method { get; init; }

    public required string Target { get; init; }

    public required byte[] Bytes { get; init; }

    /// <summary>It may be answered as a watch, for as long as its time-out says.</summary>
    public bool IsWatch { get; init; }

    /// <summary>A watch that the client leaves before it ends.</summary>
    public bool IsLeft { get; init; }

    /// <summary>The client goes before it has sent what it announced.</summary>
    public bool IsCutShort { get; init; }

    public override string ToString()
    {
        var text = Encoding.UTF8.GetString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 4_000)));
        return text.Length == Bytes.Length ? text : $"{text}… ({Bytes.Length} bytes)";
    }
}
