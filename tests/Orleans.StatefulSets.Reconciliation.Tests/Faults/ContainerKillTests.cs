using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Tests.Faults;

/// <summary>Rounds of kills: whom, when, and how many.</summary>
public sealed class ContainerKillTests
{
    private static readonly V1Pod[] Web = [Given.Pod("web-0", containers: ["c", "side"]), Given.Pod("web-1"), Given.Pod("db-0", app: "db")];

    [Fact]
    public void Without_a_period_there_is_one_round_and_then_it_is_over()
    {
        var begun = Kill(new V1alpha1FaultSelector { LabelSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } } }).Begun();
        var step = FaultDecision.Next(Given.Situation(begun, pods: Web));

        Assert.Equal(["web-0/c", "web-0/side", "web-1/c"], Names(step));
        Assert.Equal((FaultPhases.Finished, 3, 1, "Done"), (step.Next!.Status!.Phase, step.Next.Status.Injections, step.Next.Status.Rounds, step.Next.Status.Conditions![0].Reason));
        Assert.Equal("Killed 3 containers", step.Events.Single().Message);
    }

    [Fact]
    public void With_a_period_they_are_killed_again_until_its_time_is_over()
    {
        var fault = Kill(new V1alpha1FaultSelector { Pods = ["web-1"] }).With(spec => spec with { Period = "10s", Duration = "25s" }).Begun();
        List<double> rounds = [];
        for (var (now, steps) = (0d, 0); fault.Status!.Phase == FaultPhases.Active; steps++)
        {
            Assert.True(steps < 20, "it does not end");
            var step = FaultDecision.Next(Given.Situation(fault, pods: Web, after: now));
            rounds.AddRange(step.Kill.Select(_ => now));
            fault = step.Next ?? fault;
            now = step.Next is null ? (step.DueAt!.Value - Given.Start).TotalSeconds : now;
        }

        Assert.Equal([0d, 10, 20], rounds);
        Assert.Equal((3, Given.Start.AddSeconds(25)), (fault.Status.Injections, fault.Status.EndsAt));
    }

    [Fact]
    public void Rounds_that_were_missed_are_not_made_up_for()
    {
        var fault = Kill(new V1alpha1FaultSelector { Pods = ["web-1"] }).With(spec => spec with { Period = "10s" }).Begun();
        fault = FaultDecision.Next(Given.Situation(fault, pods: Web)).Next!;

        var late = FaultDecision.Next(Given.Situation(fault, pods: Web, after: 47));
        Assert.Equal((1, 5), (late.Kill.Count, late.Next!.Status!.Rounds));
        Assert.Equal(Given.Start.AddSeconds(50), FaultDecision.Next(Given.Situation(late.Next, pods: Web, after: 47)).DueAt);
    }

    [Fact]
    public void A_bound_ends_it_in_the_middle_of_a_round()
    {
        var pods = Enumerable.Range(0, 10).Select(number => Given.Pod($"web-{number}")).ToArray();
        var fault = Kill(new V1alpha1FaultSelector { Pods = ["*"] }).With(spec => spec with { Period = "10s", Count = 13 }).Begun();
        var first = FaultDecision.Next(Given.Situation(fault, pods: pods));
        var second = FaultDecision.Next(Given.Situation(first.Next!, pods: pods, after: 10));

        Assert.Equal((10, 3), (first.Kill.Count, second.Kill.Count));
        Assert.Equal((FaultPhases.Finished, 13, "CountReached"), (second.Next!.Status!.Phase, second.Next.Status.Injections, second.Next.Status.Conditions![0].Reason));
    }

    [Fact]
    public void Only_what_runs_is_killed()
    {
        var going = Given.Pod("going");
        going.Metadata.DeletionTimestamp = Given.Start;
        var over = Given.Pod("over");
        over.Status.Phase = "Failed";
        var waiting = Given.Pod("waiting");
        waiting.Status.ContainerStatuses[0].State = new V1ContainerState { Waiting = new V1ContainerStateWaiting() };
        var unbound = Given.Pod("unbound", node: "");

        Assert.Equal(["a/c"], Names(FaultDecision.Next(Given.Situation(Kill(new V1alpha1FaultSelector { Pods = ["*"] }).Begun(), pods: [Given.Pod("a"), going, over, waiting, unbound]))));
    }

    [Fact]
    public void The_same_seed_kills_the_same_in_each_round_and_another_others()
    {
        var pods = Enumerable.Range(0, 40).Select(number => Given.Pod($"web-{number}")).ToArray();
        string Story(long seed)
        {
            var fault = Kill(new V1alpha1FaultSelector { Pods = ["*"] }).With(spec => spec with { Period = "10s", Percent = 30, Seed = seed }).Begun();
            List<string> story = [];
            for (var round = 0; round < 5; round++)
            {
                var step = FaultDecision.Next(Given.Situation(fault, pods: pods, after: round * 10));
                story.Add(string.Join(',', Names(step)));
                fault = step.Next!;
            }

            Assert.Equal(5, story.Distinct().Count());
            return string.Join('\n', story);
        }

        Assert.Equal(Story(1), Story(1));
        Assert.NotEqual(Story(1), Story(2));
    }

    private static V1alpha1Fault Kill(V1alpha1FaultSelector selector) => Given.Fault(FaultActions.ContainerKill, selector);

    private static List<string> Names(FaultStep step) => [.. step.Kill.Select(doomed => $"{doomed.Pod}/{doomed.Container}")];
}
