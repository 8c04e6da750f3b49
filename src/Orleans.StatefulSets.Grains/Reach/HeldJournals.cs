using System.Collections.Concurrent;

namespace Orleans.StatefulSets.Grains.Reach;

/// <summary>Which journals this silo holds, as far as it knows: one that was fenced finds out by its next write.</summary>
internal sealed class HeldJournals
{
    private readonly ConcurrentDictionary<string, int> held = new();

    public bool Holds(string journal) => held.GetValueOrDefault(journal) > 0;

    public void Add(string journal) => held.AddOrUpdate(journal, 1, (_, count) => count + 1);

    public void Remove(string journal) => held.AddOrUpdate(journal, 0, (_, count) => count - 1);
}
