namespace Orleans.StatefulSets.Grains.Reach;

/// <summary>
/// Which of two silos leaves that can't reach each other while a third reaches both. Orleans lets both stay, for the third vouches for each,
/// and every grain of the one is lost to every grain of the other.
/// </summary>
internal static class ReachRules
{
    /// <summary>
    /// How long a silo bears it. Whoever is dead, or alone, is found out by Orleans long before; and readiness turns first, so that clients
    /// are elsewhere by then.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // Who must go at once is given the time to do so.
    private static readonly TimeSpan PatienceOfEquals = 2 * Patience;

    /// <summary>Whether a silo leaves.</summary>
    /// <param name="self">The silo.</param>
    /// <param name="silent">How long it has not heard of silos that are said to be there.</param>
    /// <param name="holdsJournal">Whether the journal is on it: what everybody needs stays where it is.</param>
    /// <param name="journalSilence">How long it has not heard of the journal.</param>
    public static bool MustLeave(SiloAddress self, IReadOnlyDictionary<SiloAddress, TimeSpan> silent, bool holdsJournal, TimeSpan journalSilence) =>
        !holdsJournal
        && (IsCutOff(silent, journalSilence) || silent.Any(peer => peer.Value >= PatienceOfEquals && IsYounger(self, peer.Key)));

    // Among those that it doesn't reach must be who holds the journal.
    private static bool IsCutOff(IReadOnlyDictionary<SiloAddress, TimeSpan> silent, TimeSpan journalSilence) =>
        journalSilence >= Patience && silent.Values.Any(silence => silence >= Patience);

    // Both come to the same answer without a word between them.
    private static bool IsYounger(SiloAddress self, SiloAddress other) =>
        self.Generation != other.Generation ? self.Generation > other.Generation : self.CompareTo(other) > 0;
}
