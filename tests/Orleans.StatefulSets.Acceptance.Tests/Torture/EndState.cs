namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>An object that is there in the end.</summary>
/// <param name="Resource">Its resource.</param>
/// <param name="Namespace">Its namespace, or "".</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="Claim">The uid of the claim whose volume it is, or "".</param>
internal sealed record Remaining(string Resource, string Namespace, string Name, string Uid, string Claim = "");

/// <summary>What is there when all has come to rest.</summary>
internal sealed record EndState
{
    /// <summary>What the counters say.</summary>
    public IReadOnlyDictionary<string, int> Counters { get; init; } = new Dictionary<string, int>();

    /// <summary>The lines of the file of each claim's volume.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Files { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>All objects of the cluster by their resource.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Remaining>> Objects { get; init; } = new Dictionary<string, IReadOnlyList<Remaining>>();
}
