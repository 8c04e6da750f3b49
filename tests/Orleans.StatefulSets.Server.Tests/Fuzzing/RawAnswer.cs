namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>What came back for one request.</summary>
internal sealed record RawAnswer(int Code, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string ContentType => Headers.GetValueOrDefault("Content-Type", "");
}
