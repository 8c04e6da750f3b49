using System.Net;
using Orleans.StatefulSets.Grains.Reach;

namespace Orleans.StatefulSets.Grains.Tests.Reach;

/// <summary>Of two silos that can't reach each other at most one leaves, and not the one that the others need.</summary>
public sealed class ReachRulesTests
{
    private static readonly TimeSpan Heard = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Long = ReachRules.Patience;
    private static readonly SiloAddress Elder = Silo(1, 100);
    private static readonly SiloAddress Younger = Silo(2, 200);

    [Fact]
    public void Whoever_reaches_neither_a_silo_nor_the_journal_leaves() => Assert.True(Leaves(Elder, Younger, Long, journal: Long));

    [Fact]
    public void Whoever_holds_the_journal_stays_whatever_he_does_not_reach() =>
        Assert.False(ReachRules.MustLeave(Younger, Silent(Elder, 10 * Long), holdsJournal: true, Heard));

    [Fact]
    public void A_journal_that_is_not_heard_of_is_no_reason_while_all_silos_are() => Assert.False(Leaves(Younger, Elder, Heard, journal: 10 * Long));

    [Fact]
    public void Where_a_third_holds_the_journal_the_younger_leaves_after_a_while()
    {
        Assert.False(Leaves(Younger, Elder, Long, Heard));
        Assert.True(Leaves(Younger, Elder, 2 * Long, Heard));
        Assert.False(Leaves(Elder, Younger, 10 * Long, Heard));
    }

    [Fact]
    public void Of_two_of_one_age_one_leaves()
    {
        var (one, other) = (Silo(1, 100), Silo(2, 100));

        Assert.NotEqual(Leaves(one, other, 2 * Long, Heard), Leaves(other, one, 2 * Long, Heard));
    }

    [Fact]
    public void Alone_it_stays() => Assert.False(ReachRules.MustLeave(Elder, new Dictionary<SiloAddress, TimeSpan>(), holdsJournal: false, 10 * Long));

    private static bool Leaves(SiloAddress self, SiloAddress peer, TimeSpan silence, TimeSpan journal) => ReachRules.MustLeave(self, Silent(peer, silence), holdsJournal: false, journal);

    private static Dictionary<SiloAddress, TimeSpan> Silent(SiloAddress peer, TimeSpan silence) => new() { [peer] = silence };

    private static SiloAddress Silo(int port, int generation) => SiloAddress.New(IPAddress.Loopback, port, generation);
}
