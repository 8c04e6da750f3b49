using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Orleans.StatefulSets.Acceptance.Tests.LongestFirst", "Orleans.StatefulSets.Acceptance.Tests")]

namespace Orleans.StatefulSets.Acceptance.Tests;

/// <summary>Begins with the collections whose tests run longest one after another: what is short goes on beside them, and nobody waits for them in the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [SilosCollection.Name, "crashes", UpdatesCollection.Name, TutorialCollection.Name, ClientsCollection.Name];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.IndexOf(Long, collection.DisplayName) is >= 0 and var place ? place : Long.Length).ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
