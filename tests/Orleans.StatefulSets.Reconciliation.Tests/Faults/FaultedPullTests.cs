using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Tests.Faults;

/// <summary>Which pulls fail by a fault, and for how long that keeps a container.</summary>
public sealed class FaultedPullTests
{
    private static readonly ImageProblem Unreachable = new("ErrImagePull", "i/o timeout") { BackOffMessage = "Back-off" };
    private static readonly Dictionary<string, PullTries> NoTries = [];

    private readonly V1Pod pod = Given.Pod("web-0", containers: ["c", "side"]);

    [Fact]
    public void Only_what_is_pulled_fails() =>
        Assert.Equal(["side"], FaultedPulls.Of(pod, [Fault()], NoTries, container => container.Name == "side", Given.Start).Keys);

    [Fact]
    public void A_container_that_waits_for_its_next_try_is_not_asked_again_until_then()
    {
        var tries = Tried(count: 1);

        Assert.Equal(["side"], FaultedPulls.Of(pod, [Fault()], tries, _ => true, Given.Start.AddSeconds(9)).Keys);
        Assert.Equal(["c", "side"], FaultedPulls.Of(pod, [Fault()], tries, _ => true, Given.Start.AddSeconds(10)).Keys.Order());
    }

    // "The BackOff part indicates that Kubernetes will keep trying to pull the image, with an increasing back-off delay."
    [Fact]
    public void A_fault_that_is_lifted_is_felt_until_the_next_try()
    {
        Assert.Equal(["c"], Problems(Tried(count: 2), after: 19).Keys);
        Assert.Empty(Problems(Tried(count: 2), after: 20));
    }

    [Fact]
    public void What_is_wrong_anyway_is_said_first()
    {
        var known = new Dictionary<string, ImageProblem> { ["c"] = new("InvalidImageName", "no name") };
        var failing = FaultedPulls.Of(pod, [Fault()], NoTries, _ => true, Given.Start);

        var problems = FaultedPulls.Problems(known, failing, NoTries, _ => Unreachable, Given.Start);
        Assert.Equal(("InvalidImageName", "ErrImagePull"), (problems["c"].Reason, problems["side"].Reason));
    }

    [Fact]
    public void Whether_a_try_fails_is_the_same_however_often_it_is_asked_and_each_try_has_its_own_chance()
    {
        var half = new ArmedFault(Given.Fault(FaultActions.ImagePullFailure).With(spec => spec with { Percent = 50, Seed = 3 }).Begun());
        string Story() => string.Concat(Enumerable.Range(0, 40).Select(count => FaultedPulls.Of(pod, [half], Tried(count), _ => true, Given.Start.AddHours(1)).ContainsKey("c") ? 'x' : '.'));

        Assert.Equal(Story(), Story());
        Assert.InRange(Story().Count(letter => letter == 'x'), 10, 30);
    }

    private static ArmedFault Fault() => new(Given.Fault(FaultActions.ImagePullFailure).Begun());

    private static Dictionary<string, PullTries> Tried(int count) => new() { ["c"] = new PullTries(count, Given.Start) { Problem = Unreachable } };

    private static IReadOnlyDictionary<string, ImageProblem> Problems(Dictionary<string, PullTries> tries, double after) =>
        FaultedPulls.Problems(new Dictionary<string, ImageProblem>(), new Dictionary<string, ArmedFault>(), tries, _ => Unreachable, Given.Start.AddSeconds(after));
}
