using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Quotas;

namespace Orleans.StatefulSets.Reconciliation.Tests.Quotas;

/// <summary>What is used is never less than what is stored and what is on its way.</summary>
public sealed class QuotaLedgerTests
{
    private static readonly Guid Ticket = new("00000000-0000-0000-0000-000000000001");
    private static readonly DateTimeOffset Later = new(2026, 1, 1, 0, 1, 0, TimeSpan.Zero);

    private readonly QuotaLedger ledger = new();

    public QuotaLedgerTests() => ledger.Restart(QuotaCases.Quota("pods: 5, requests.cpu: 2").Spec);

    [Fact]
    public void A_grant_counts_until_its_object_is_seen_and_then_the_object_does()
    {
        ledger.Give("u1", Ticket, 0, QuotaCases.Amounts(("pods", "1"), ("requests.cpu", "100m")), Later);
        Expect("pods=1 requests.cpu=100m");

        Take("u1", 7);
        Expect("pods=1 requests.cpu=100m");
        Assert.False(ledger.HasGrants);

        ledger.Remove("u1", 9);
        Expect("pods=0 requests.cpu=0");
    }

    [Fact]
    public void A_grant_for_an_update_counts_beside_the_revision_that_it_was_made_on()
    {
        Take("u1", 7);
        ledger.Give("u1", Ticket, 7, QuotaCases.Amounts(("requests.cpu", "50m")), Later);

        Take("u1", 7);
        Expect("pods=1 requests.cpu=150m");
        Take("u1", 8, "150m");
        Expect("pods=1 requests.cpu=150m");
    }

    [Fact]
    public void An_object_that_came_and_went_between_two_looks_settles_its_grant()
    {
        ledger.Give("u1", Ticket, 0, QuotaCases.Amounts(("pods", "1")), Later);
        ledger.Remove("u1", 9);
        Expect("pods=0 requests.cpu=0");
    }

    [Fact]
    public void What_is_given_back_or_never_heard_of_again_does_not_count()
    {
        ledger.Give("u1", Ticket, 0, QuotaCases.Amounts(("pods", "1")), Later);
        ledger.Give("u2", Ticket, 0, QuotaCases.Amounts(("pods", "1")), Later);
        ledger.TakeBack("u1", Ticket);
        Expect("pods=1 requests.cpu=0");

        ledger.Forget(Later.AddSeconds(-1));
        Expect("pods=1 requests.cpu=0");
        ledger.Forget(Later);
        Expect("pods=0 requests.cpu=0");
    }

    [Fact]
    public void Old_news_changes_nothing()
    {
        Take("u1", 8, "200m");
        Take("u1", 7);
        Expect("pods=1 requests.cpu=200m");
    }

    // Another activation granted two pods that this one does not know; one of them arrives.
    [Fact]
    public void What_another_holder_granted_counts_until_it_is_seen_or_given_up()
    {
        Take("u1", 7);
        ledger.Inherit(new Dictionary<string, ResourceQuantity> { ["pods"] = new("3"), ["requests.cpu"] = new("300m") });
        Expect("pods=3 requests.cpu=300m");

        Take("u2", 8);
        Expect("pods=3 requests.cpu=300m");
        ledger.Disinherit();
        Expect("pods=2 requests.cpu=200m");
    }

    [Fact]
    public void A_pod_that_should_be_gone_stops_to_count()
    {
        ledger.Take("pods", "u1", 7, QuotaCases.Pod("{ name: a }", metadata: "deletionTimestamp: '2026-01-02T03:04:05Z', deletionGracePeriodSeconds: 30"), QuotaCases.Now);
        Expect("pods=1 requests.cpu=0");
        Assert.Equal(QuotaCases.Now.AddSeconds(30), ledger.NextEnding);

        ledger.End(QuotaCases.Now.AddSeconds(31));
        Expect("pods=0 requests.cpu=0");
        Assert.Null(ledger.NextEnding);
    }

    private void Take(string uid, long version, string cpu = "100m") =>
        ledger.Take("pods", uid, version, QuotaCases.Pod($"{{ name: a, resources: {{ requests: {{ cpu: {cpu} }} }} }}"), QuotaCases.Now);

    private void Expect(string used) => Assert.Equal(used, QuotaCases.Print(ledger.Used()));
}
