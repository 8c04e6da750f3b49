using System.Diagnostics;
using Orleans.StatefulSets.Reconciliation.Revisions;
using Orleans.StatefulSets.Reconciliation.StatefulSets;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

public sealed class StatefulSetSummaryTests
{
    private static readonly DateTime Now = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void An_older_observation_that_comes_late_changes_nothing()
    {
        var summary = new StatefulSetSummary();

        Assert.True(summary.Observe(Pod(0, version: 5, phase: "Running")));
        Assert.False(summary.Observe(Pod(0, version: 4, phase: "Pending")));
        Assert.False(summary.Observe(Pod(0, version: 6, phase: "Running")));

        Assert.Equal("Running", summary.Find("web-0")!.Phase);
    }

    [Fact]
    public void A_removed_pod_does_not_come_back_by_an_observation_from_before()
    {
        var summary = new StatefulSetSummary();
        summary.Observe(Pod(0, version: 5));

        Assert.True(summary.Remove("web-0", "uid-0", 7));
        Assert.False(summary.Observe(Pod(0, version: 6)));
        Assert.Null(summary.Find("web-0"));
        Assert.True(summary.Observe(Pod(0, version: 8)));
    }

    [Fact]
    public void The_removal_of_a_former_pod_leaves_the_newer_one_of_its_name()
    {
        var summary = new StatefulSetSummary();
        summary.Observe(Pod(0, version: 9));

        Assert.False(summary.Remove("web-0", "uid-former", 7));
        Assert.NotNull(summary.Find("web-0"));
    }

    [Fact]
    public void Removals_are_remembered_up_to_a_bound()
    {
        var summary = new StatefulSetSummary();
        for (var ordinal = 0; ordinal <= Versioned<PodObservation>.RemembersRemovals; ordinal++)
        {
            summary.Remove($"web-{ordinal}", "gone", 100 + ordinal);
        }

        Assert.False(summary.Observe(Pod(1, version: 5)));
        Assert.True(summary.Observe(Pod(0, version: 5)));
    }

    [Fact]
    public void A_large_parallel_set_is_created_in_bounded_plans_and_an_event_costs_the_same_at_any_size()
    {
        var set = SetManifests.Set(20_000, "Parallel");
        var summary = new StatefulSetSummary();
        var revision = RevisionDecision.Decide(set, [], _ => null).Create!;
        var situation = new StatefulSetSituation { Set = set, Revisions = [revision], Pods = summary, Now = Now };
        var version = 0L;
        var plans = 0;
        for (var plan = StatefulSetDecision.Decide(situation); plan.Create.Count > 0; plan = StatefulSetDecision.Decide(situation), plans++)
        {
            Assert.Equal(StatefulSetDecision.MostPerPlan, plan.Create.Count);
            Assert.Equal(plans < 39, plan.More);
            foreach (var create in plan.Create)
            {
                summary.Observe(Pod(create.Ordinal, ++version, "Pending", create.Revision));
            }
        }

        Assert.Equal(40, plans);
        var watch = Stopwatch.StartNew();
        for (var ordinal = 0; ordinal < 20_000; ordinal++)
        {
            summary.Observe(Pod(ordinal, ++version, "Running", revision.Metadata.Name) with { RunningAndReady = true, ReadySince = Now });
            Assert.Equal(ordinal + 1, StatefulSetDecision.Decide(situation).Status.ReadyReplicas);
        }

        // One look at every pod for each of the 20,000 events would take minutes.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"20,000 events took {watch.Elapsed}");
    }

    private static PodObservation Pod(int ordinal, long version, string phase = "Pending", string? revision = null) => new()
    {
        Name = $"web-{ordinal}",
        Uid = $"uid-{ordinal}",
        ResourceVersion = version,
        Ordinal = ordinal,
        Phase = phase,
        Revision = revision,
        Controlled = true,
        MatchesSelector = true,
    };
}
